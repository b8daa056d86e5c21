package template_test

import (
	"context"
	"fmt"

	"github.com/go-buildout/go-buildout/template"
)

func Example() {
	tmpl, err := template.Parse("server.conf.in", `{% for name, port in ports.items() -%}
listen {{ name }}:{{ "%05d" % port }};
{% endfor %}`, template.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	ports, _ := template.JSON(`{"web": 80, "admin": 8080}`)
	text, err := tmpl.Render(context.Background(), map[string]any{"ports": ports})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(text)
	// Output:
	// listen web:00080;
	// listen admin:08080;
}

func ExampleError() {
	tmpl, err := template.Parse("main", "{% import 'lib' as lib %}\n{{ lib.host({}) }}", template.Options{
		Loader: template.Map{"lib": "{% macro host(section) %}\n{{ section.ip }}\n{% endmacro %}"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = tmpl.Render(context.Background(), nil)
	fmt.Println(err.(*template.Error).Trace())
	// Output:
	// lib:2: 'dict object' has no attribute 'ip'
	//     {{ section.ip }}
	//   called from main:2
	//     {{ lib.host({}) }}
}

func ExampleModule() {
	path, err := template.Modules{Environ: map[string]string{"HOME": "/srv"}}.Module("os")
	if err != nil {
		fmt.Println(err)
		return
	}
	tmpl, err := template.Parse("main", `{{ os.path.join(os.environ["HOME"], "etc") }}`, template.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := tmpl.Render(context.Background(), map[string]any{"os": path})
	fmt.Println(text, err)
	// Output: /srv/etc <nil>
}
