package python

// strMethod returns a method of str, or nil.
func strMethod(name string) method {
	switch name {
	case "capitalize":
		return strCapitalize
	case "casefold":
		return strCasefold
	case "center":
		return strCenter
	case "count":
		return strCount
	case "encode":
		return strEncode
	case "endswith":
		return strEndswith
	case "expandtabs":
		return strExpandtabs
	case "find":
		return strFind
	case "format":
		return strFormat
	case "format_map":
		return strFormatMap
	case "index":
		return strIndex
	case "isalnum":
		return strIsalnum
	case "isalpha":
		return strIsalpha
	case "isascii":
		return strIsascii
	case "isdecimal":
		return strIsdecimal
	case "isdigit":
		return strIsdigit
	case "isidentifier":
		return strIsidentifier
	case "islower":
		return strIslower
	case "isnumeric":
		return strIsnumeric
	case "isprintable":
		return strIsprintable
	case "isspace":
		return strIsspace
	case "istitle":
		return strIstitle
	case "isupper":
		return strIsupper
	case "join":
		return strJoin
	case "ljust":
		return strLjust
	case "lower":
		return strLower
	case "lstrip":
		return strLstrip
	case "maketrans":
		return strMaketrans
	case "partition":
		return strPartition
	case "removeprefix":
		return strRemoveprefix
	case "removesuffix":
		return strRemovesuffix
	case "replace":
		return strReplace
	case "rfind":
		return strRfind
	case "rindex":
		return strRindex
	case "rjust":
		return strRjust
	case "rpartition":
		return strRpartition
	case "rsplit":
		return strRsplit
	case "rstrip":
		return strRstrip
	case "split":
		return strSplit
	case "splitlines":
		return strSplitlines
	case "startswith":
		return strStartswith
	case "strip":
		return strStrip
	case "swapcase":
		return strSwapcase
	case "title":
		return strTitle
	case "translate":
		return strTranslate
	case "upper":
		return strUpper
	case "zfill":
		return strZfill
	}
	return nil
}

// text is the content of a receiver that is a str.
func text(self Value) string {
	s, _ := AsText(self)
	return s
}
