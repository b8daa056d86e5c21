package template

import (
	"math/big"
	"net/netip"
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// netaddrModule is the module netaddr, as far as networks and addresses go.
func netaddrModule() *python.Module {
	return python.NewModule("netaddr").
		Set("IPNetwork", ipNetworkClass).Set("IPAddress", ipAddressClass)
}

// ipAddress is netaddr.IPAddress.
type ipAddress struct{ addr netip.Addr }

var ipAddressClass = &python.Class{Name: "IPAddress", New: func(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	a, err := sig("IPAddress", "addr", "version", python.None, "flags", python.Int(0)).bind(args, kwargs)
	if err != nil {
		return nil, err
	}
	switch v := a[0].(type) {
	case *ipAddress:
		return v, nil
	case *ipNetwork:
		return &ipAddress{v.prefix.Addr()}, nil
	}
	if n, ok := bigOf(a[0]); ok {
		six := n.BitLen() > 32
		if a[1] != python.None {
			version, err := intArg(a[1])
			if err != nil {
				return nil, err
			}
			six = version == 6
		}
		return addressOf(n, six)
	}
	s, err := textArg("IPAddress", a[0])
	if err != nil {
		return nil, err
	}
	addr, err := netip.ParseAddr(strings.TrimSpace(s))
	if err != nil {
		return nil, python.Raise("AddrFormatError", "failed to detect a valid IP address from %s", pyQuote(s))
	}
	return &ipAddress{addr.WithZone("")}, nil
}}

// bigOf is an int as a big one.
func bigOf(v python.Value) (*big.Int, bool) {
	switch v := v.(type) {
	case python.Int:
		return big.NewInt(int64(v)), true
	case *python.BigInt:
		return v.Big(), true
	}
	return nil, false
}

// addressBits is how long addresses are.
func addressBits(six bool) int {
	if six {
		return 128
	}
	return 32
}

// addressOf is the address of a number.
func addressOf(n *big.Int, six bool) (*ipAddress, error) {
	if n.Sign() < 0 || n.BitLen() > addressBits(six) {
		return nil, python.Raise("AddrFormatError", "value %s is no valid IP address", n)
	}
	addr, _ := netip.AddrFromSlice(n.FillBytes(make([]byte, addressBits(six)/8)))
	return &ipAddress{addr}, nil
}

func (a *ipAddress) number() *big.Int { return new(big.Int).SetBytes(a.addr.AsSlice()) }

func (*ipAddress) Type() string      { return "IPAddress" }
func (*ipAddress) qualified() string { return "netaddr.ip.IPAddress" }

// Class implements python.Classed.
func (*ipAddress) Class() *python.Class { return ipAddressClass }

// Str implements python.Stringer.
func (a *ipAddress) Str() (string, error) { return a.addr.String(), nil }

// Repr implements python.Representer.
func (a *ipAddress) Repr() (string, error) { return "IPAddress('" + a.addr.String() + "')", nil }

// Hash implements python.Hashable.
func (a *ipAddress) Hash() (uint64, error) { return python.Hash(python.String(a.addr.String())) }

// Compare implements python.Comparable.
func (a *ipAddress) Compare(op python.CompareOp, other python.Value) (result, handled bool, err error) {
	o, ok := other.(*ipAddress)
	if !ok {
		return false, false, nil
	}
	return compareInts(op, a.addr.Compare(o.addr)), true, nil
}

// compareInts is a comparison whose order is known.
func compareInts(op python.CompareOp, order int) bool {
	switch op {
	case python.Eq:
		return order == 0
	case python.Ne:
		return order != 0
	case python.Lt:
		return order < 0
	case python.Le:
		return order <= 0
	case python.Gt:
		return order > 0
	}
	return order >= 0
}

// Binary implements python.Operand.
func (a *ipAddress) Binary(op python.Op, other python.Value, reflected bool) (python.Value, bool, error) {
	n, ok := bigOf(other)
	if !ok || reflected && op != python.Add {
		return nil, false, nil
	}
	sum := new(big.Int)
	switch op {
	case python.Add:
		sum.Add(a.number(), n)
	case python.Sub:
		sum.Sub(a.number(), n)
	default:
		return nil, false, nil
	}
	result, err := addressOf(sum, a.addr.Is6())
	if err != nil {
		return nil, true, err
	}
	return result, true, nil
}

// Attr implements python.Attributer.
func (a *ipAddress) Attr(name string) (python.Value, error) {
	switch name {
	case "version":
		return version(a.addr), nil
	case "value":
		return python.NewInt(a.number()), nil
	case "__int__":
		return wrap(sig(name), func(*python.Thread, []python.Value) (python.Value, error) { return python.NewInt(a.number()), nil }), nil
	case "is_private", "is_loopback", "is_link_local", "is_multicast":
		yes := map[string]func() bool{
			"is_private": a.addr.IsPrivate, "is_loopback": a.addr.IsLoopback,
			"is_link_local": a.addr.IsLinkLocalUnicast, "is_multicast": a.addr.IsMulticast,
		}[name]
		return wrap(sig(name), func(*python.Thread, []python.Value) (python.Value, error) { return python.Bool(yes()), nil }), nil
	}
	return nil, nil
}

func version(a netip.Addr) python.Value {
	if a.Is6() {
		return python.Int(6)
	}
	return python.Int(4)
}

// ipNetwork is netaddr.IPNetwork.
type ipNetwork struct{ prefix netip.Prefix }

var ipNetworkClass = &python.Class{Name: "IPNetwork", New: func(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	a, err := sig("IPNetwork", "addr", "version", python.None, "flags", python.Int(0)).bind(args, kwargs)
	if err != nil {
		return nil, err
	}
	switch v := a[0].(type) {
	case *ipNetwork:
		return v, nil
	case *ipAddress:
		return &ipNetwork{netip.PrefixFrom(v.addr, v.addr.BitLen())}, nil
	}
	s, err := textArg("IPNetwork", a[0])
	if err != nil {
		return nil, err
	}
	if prefix, ok := parseNetwork(s); ok {
		return &ipNetwork{prefix}, nil
	}
	return nil, python.Raise("AddrFormatError", "invalid IPNetwork %s", s)
}}

// parseNetwork reads ADDRESS, ADDRESS/LENGTH or ADDRESS/NETMASK.
func parseNetwork(s string) (netip.Prefix, bool) {
	text, mask, masked := strings.Cut(strings.TrimSpace(s), "/")
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.Zone() != "" {
		return netip.Prefix{}, false
	}
	length := addr.BitLen()
	if masked {
		n, ok := smallNumber(mask)
		if !ok {
			m, err := netip.ParseAddr(mask)
			if err != nil || m.BitLen() != length {
				return netip.Prefix{}, false
			}
			number := new(big.Int).SetBytes(m.AsSlice())
			zeros := int(number.TrailingZeroBits())
			if number.Sign() == 0 {
				zeros = length
			}
			whole := new(big.Int).Lsh(big.NewInt(1), uint(length))
			whole.Sub(whole, new(big.Int).Lsh(big.NewInt(1), uint(zeros)))
			if whole.Cmp(number) != 0 {
				return netip.Prefix{}, false
			}
			n = length - zeros
		}
		length = n
	}
	p := netip.PrefixFrom(addr, length)
	return p, p.IsValid()
}

func (*ipNetwork) Type() string      { return "IPNetwork" }
func (*ipNetwork) qualified() string { return "netaddr.ip.IPNetwork" }

// Class implements python.Classed.
func (*ipNetwork) Class() *python.Class { return ipNetworkClass }

// Str implements python.Stringer.
func (n *ipNetwork) Str() (string, error) { return n.prefix.String(), nil }

// Repr implements python.Representer.
func (n *ipNetwork) Repr() (string, error) { return "IPNetwork('" + n.prefix.String() + "')", nil }

// Hash implements python.Hashable.
func (n *ipNetwork) Hash() (uint64, error) {
	return python.Hash(python.String(n.prefix.Masked().String()))
}

func (n *ipNetwork) six() bool { return n.prefix.Addr().Is6() }

// bounds are the first and the last address, and how many there are.
func (n *ipNetwork) bounds() (first, last, size *big.Int) {
	first = new(big.Int).SetBytes(n.prefix.Masked().Addr().AsSlice())
	size = new(big.Int).Lsh(big.NewInt(1), uint(addressBits(n.six())-n.prefix.Bits()))
	last = new(big.Int).Add(first, size)
	return first, last.Sub(last, big.NewInt(1)), size
}

// Compare implements python.Comparable.
func (n *ipNetwork) Compare(op python.CompareOp, other python.Value) (result, handled bool, err error) {
	o, ok := other.(*ipNetwork)
	if !ok {
		return false, false, nil
	}
	a, b := n.prefix.Masked(), o.prefix.Masked()
	order := a.Addr().Compare(b.Addr())
	if order == 0 {
		order = a.Bits() - b.Bits()
	}
	return compareInts(op, order), true, nil
}

// Contains implements python.Container.
func (n *ipNetwork) Contains(item python.Value) (bool, error) {
	switch v := item.(type) {
	case *ipAddress:
		return n.prefix.Contains(v.addr), nil
	case *ipNetwork:
		return v.prefix.Bits() >= n.prefix.Bits() && n.prefix.Contains(v.prefix.Addr()), nil
	}
	s, err := textArg("IPNetwork", item)
	if err != nil {
		return false, err
	}
	p, ok := parseNetwork(s)
	if !ok {
		return false, python.Raise("AddrFormatError", "invalid IPNetwork %s", s)
	}
	return p.Bits() >= n.prefix.Bits() && n.prefix.Contains(p.Addr()), nil
}

// Len implements python.Sized.
func (n *ipNetwork) Len() (int, error) {
	_, _, size := n.bounds()
	if !size.IsInt64() {
		return 0, python.Raise("IndexError", "range contains more than 9223372036854775807 (sys.maxsize) IP addresses! Use the .size property instead.")
	}
	return int(size.Int64()), nil
}

// GetItem implements python.Getter: the address of a number, from the end if
// it is negative.
func (n *ipNetwork) GetItem(key python.Value) (python.Value, error) {
	index, ok := bigOf(key)
	if !ok {
		return nil, python.Raise("TypeError", "unsupported index type %s!", key.Type())
	}
	first, last, _ := n.bounds()
	at := new(big.Int)
	if index.Sign() < 0 {
		at.Add(new(big.Int).Add(last, big.NewInt(1)), index)
	} else {
		at.Add(first, index)
	}
	if at.Cmp(first) < 0 || at.Cmp(last) > 0 {
		return nil, python.Raise("IndexError", "index out range for address range size!")
	}
	return addressOf(at, n.six())
}

// Iter implements python.Iterable.
func (n *ipNetwork) Iter() (python.Iterator, error) {
	at, last, _ := n.bounds()
	return n.iterate(at, last), nil
}

func (n *ipNetwork) iterate(at, last *big.Int) python.Iterator {
	return python.IteratorFunc(func() (python.Value, bool, error) {
		if at.Cmp(last) > 0 {
			return nil, false, nil
		}
		v, err := addressOf(at, n.six())
		at = new(big.Int).Add(at, big.NewInt(1))
		return v, err == nil, err
	})
}

// Attr implements python.Attributer.
func (n *ipNetwork) Attr(name string) (python.Value, error) {
	first, last, size := n.bounds()
	length := addressBits(n.six())
	switch name {
	case "version":
		return version(n.prefix.Addr()), nil
	case "prefixlen":
		return python.Int(n.prefix.Bits()), nil
	case "ip":
		return &ipAddress{n.prefix.Addr()}, nil
	case "network":
		return &ipAddress{n.prefix.Masked().Addr()}, nil
	case "cidr":
		return &ipNetwork{n.prefix.Masked()}, nil
	case "first":
		return python.NewInt(first), nil
	case "last":
		return python.NewInt(last), nil
	case "size":
		return python.NewInt(size), nil
	case "netmask", "hostmask":
		hosts := new(big.Int).Sub(size, big.NewInt(1))
		if name == "netmask" {
			all := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(length)), big.NewInt(1))
			hosts.Xor(hosts, all)
		}
		return addressOf(hosts, n.six())
	case "broadcast":
		if n.six() || length-n.prefix.Bits() <= 1 {
			return python.None, nil
		}
		return addressOf(last, false)
	case "iter_hosts":
		return wrap(sig(name), func(*python.Thread, []python.Value) (python.Value, error) {
			one := big.NewInt(1)
			from, to := first, last
			if size.Cmp(big.NewInt(4)) >= 0 {
				from = new(big.Int).Add(first, one)
				if !n.six() {
					to = new(big.Int).Sub(last, one)
				}
			}
			return python.NewStream("generator", n.iterate(from, to)), nil
		}), nil
	case "subnet":
		return wrap(sig(name, "prefixlen", "count", python.None), n.subnets), nil
	}
	return nil, nil
}

// subnets divides the network.
func (n *ipNetwork) subnets(_ *python.Thread, a []python.Value) (python.Value, error) {
	length, err := intArg(a[0])
	if err != nil {
		return nil, err
	}
	if length > addressBits(n.six()) || length < n.prefix.Bits() {
		return generator(nil), nil
	}
	limit := new(big.Int).Lsh(big.NewInt(1), uint(length-n.prefix.Bits()))
	if a[1] != python.None {
		count, ok := bigOf(a[1])
		if !ok || count.Sign() < 1 || count.Cmp(limit) > 0 {
			return nil, python.Raise("ValueError", "count outside of current IP subnet boundary!")
		}
		limit = count
	}
	at, _, _ := n.bounds()
	step := new(big.Int).Lsh(big.NewInt(1), uint(addressBits(n.six())-length))
	done := big.NewInt(0)
	return python.NewStream("generator", python.IteratorFunc(func() (python.Value, bool, error) {
		if done.Cmp(limit) >= 0 {
			return nil, false, nil
		}
		done.Add(done, big.NewInt(1))
		v, err := addressOf(at, n.six())
		if err != nil {
			return nil, false, err
		}
		at = new(big.Int).Add(at, step)
		return &ipNetwork{netip.PrefixFrom(v.addr, length)}, true, nil
	})), nil
}
