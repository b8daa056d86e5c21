package python

// The bounds of a single operation. They hold whatever a Thread allows, so
// that one expression can neither exhaust memory nor run for long.
const (
	// MaxText is the largest str or bytes that an operation makes, in bytes.
	MaxText = 1 << 24
	// MaxItems is the largest container that an operation makes, and the most
	// items that a built-in function reads from one iterator.
	MaxItems = 1 << 22
	// MaxIntBits is the size of the largest int that arithmetic makes.
	MaxIntBits = 1 << 20
	// MaxDepth is how deep values may nest where an operation walks them.
	MaxDepth = 1000
)

// Thread is the budget of one computation: the calls, built-in functions and
// lazy iterators that belong to it spend from it. The zero Thread and the nil
// one know no bounds but those of a single operation and of the depth of calls.
type Thread struct {
	// MaxSteps bounds the items and calls handled; 0 is no bound.
	MaxSteps int64
	// MaxBytes bounds the memory that results of calls have taken in all,
	// counted without what was freed since; 0 is no bound.
	MaxBytes int64
	// MaxCalls bounds how deep calls nest; 0 is MaxDepth.
	MaxCalls int
	// Interrupt, if set, is asked every few thousand steps; its error stops
	// the computation.
	Interrupt func() error

	steps, bytes int64
	depth        int
	next         int64
}

const interruptEvery = 4096

// Step spends n steps.
func (t *Thread) Step(n int) error {
	if t == nil {
		return nil
	}
	t.steps += int64(n)
	if t.MaxSteps > 0 && t.steps > t.MaxSteps {
		return Raise("RuntimeError", "more than %d steps taken", t.MaxSteps)
	}
	if t.Interrupt != nil && t.steps >= t.next {
		t.next = t.steps + interruptEvery
		return t.Interrupt()
	}
	return nil
}

// Alloc spends n bytes.
func (t *Thread) Alloc(n int) error {
	if t == nil {
		return nil
	}
	t.bytes += int64(n)
	if t.MaxBytes > 0 && t.bytes > t.MaxBytes {
		return Raise("MemoryError", "more than %d bytes used", t.MaxBytes)
	}
	return nil
}

// Enter starts a call; Leave must follow if it gives no error.
func (t *Thread) Enter() error {
	if t == nil {
		return nil
	}
	limit := t.MaxCalls
	if limit == 0 {
		limit = MaxDepth
	}
	if t.depth >= limit {
		return Raise("RecursionError", "maximum recursion depth exceeded")
	}
	t.depth++
	return nil
}

// Leave ends a call.
func (t *Thread) Leave() {
	if t != nil {
		t.depth--
	}
}

// Weight is about how many bytes v itself takes, without what it refers to.
func Weight(v Value) int {
	switch v := v.(type) {
	case String:
		return len(v)
	case Bytes:
		return len(v)
	case *ByteArray:
		return len(v.Data)
	case *List:
		return 16 * len(v.Items)
	case *Tuple:
		return 16 * len(v.Items)
	case *Dict:
		return 40 * v.table.live
	case *Set:
		return 40 * v.table.live
	case *BigInt:
		return v.big.BitLen() / 8
	}
	return 0
}

func tooLong(n int) error {
	return Raise("MemoryError", "text of %d bytes is over the limit of %d", n, MaxText)
}

func tooMany() error {
	return Raise("MemoryError", "more than %d items", MaxItems)
}
