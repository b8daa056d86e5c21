package template

import (
	"os"
	"path/filepath"
	"strings"

	jinja "github.com/go-buildout/go-buildout/template"
)

// imports finds the templates of import-list.
type imports struct {
	files     map[string]string // paths by name
	folders   map[string]string
	delimiter string
	decode    func(string) (string, error)
}

// loader reads import-list; without it nothing can be imported.
func (r *jinja2) loader() (jinja.Loader, error) {
	const option = "import-list"
	list, err := entries(r.part, option, r.options.ImportList)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	if r.options.ImportDelimiter == "" {
		return nil, r.part.Errorf("import-delimiter", "the option import-delimiter is empty\nexpected a character such as /")
	}
	im := &imports{map[string]string{}, map[string]string{}, r.options.ImportDelimiter, r.decode}
	for _, e := range list {
		path := e.expression
		switch e.kind {
		case "rawfile", "rawfolder":
		case "file", "folder":
			section, key, err := target(r.part, option, e)
			if err != nil {
				return nil, err
			}
			if path, err = section.Get(key); err != nil {
				return nil, err
			}
		default:
			return nil, r.part.Errorf(option, "unknown type of import-list entry '%s': '%s'\nexpected rawfile, file, rawfolder or folder", e.name, e.kind)
		}
		if im.files[e.name] != "" || im.folders[e.name] != "" {
			return nil, r.part.Errorf(option, "Duplicate import-list entry '%s'", e.name)
		}
		if strings.HasSuffix(e.kind, "folder") {
			im.folders[e.name] = r.part.Path(path)
		} else {
			im.files[e.name] = r.part.Path(path)
		}
	}
	return im, nil
}

// Load implements the Loader of templates: a file by its name, or a file below a
// folder by the folder's name, the delimiter, and the way to it.
func (im *imports) Load(name string) (string, error) {
	path, found := im.files[name]
	if !found {
		folder, rest, _ := strings.Cut(name, im.delimiter)
		rest = strings.ReplaceAll(rest, im.delimiter, "/")
		if path, found = im.folders[folder]; !found || !filepath.IsLocal(rest) {
			return "", jinja.ErrNotFound
		}
		path = filepath.Join(path, rest)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return im.decode(string(content))
}
