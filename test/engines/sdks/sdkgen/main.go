// Command sdkgen writes the SDK of one language for a Pulumi package schema:
//
//	sdkgen <python|go|dotnet|java> <schema.json> <folder>
package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"

	dotnet "github.com/pulumi/pulumi-dotnet/pulumi-language-dotnet/v3/codegen"
	"github.com/pulumi/pulumi-java/pkg/codegen/java"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "sdkgen"

//go:embed logo.png
var logo []byte

func generate(language string, pkg *schema.Package, loader schema.ReferenceLoader) (map[string][]byte, error) {
	switch language {
	case "python":
		return python.GeneratePackage(tool, pkg, nil, loader)
	case "go":
		return gogen.GeneratePackage(tool, pkg, nil)
	case "dotnet":
		return generateDotnet(pkg)
	case "java":
		return generateJava(pkg)
	}
	return nil, fmt.Errorf("no generator for %s", language)
}

// generateDotnet serves the logo itself: the generator fetches one by URL, and Pulumi's own unless it is told.
func generateDotnet(pkg *schema.Package) (map[string][]byte, error) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(logo)
	}))
	defer server.Close()
	pkg.LogoURL = server.URL
	return dotnet.GeneratePackage(tool, pkg, nil, nil)
}

// generateJava adds what tells the language host which plugin a program needs. The host looks for it in the folders of
// Java packages, and below com alone: a package of another name is shown to it there. The class that reads the
// configuration is left out: it and the plain functions would be given one class of two shapes, which the generator refuses.
func generateJava(pkg *schema.Package) (map[string][]byte, error) {
	pkg.Config = nil
	plugin, err := json.MarshalIndent(map[string]any{
		"resource": true,
		"name":     pkg.Name,
		"version":  pkg.Version.String(),
		"server":   pkg.PluginDownloadURL,
	}, "", "  ")
	if err != nil {
		return nil, err
	}
	files, err := java.GeneratePackage(tool, pkg, nil, nil, false, false)
	if err != nil {
		return nil, err
	}
	info, ok := pkg.Language["java"].(*java.PackageInfo)
	if !ok {
		return nil, errors.New("the schema says nothing of Java")
	}
	base := strings.TrimPrefix(strings.ReplaceAll(info.BasePackage, ".", "/"), "com/")
	files["src/main/resources/com/"+path.Join(base, pkg.Name)+"/plugin.json"] = append(plugin, '\n')
	return files, nil
}

func bind(file string, loader schema.Loader) (*schema.Package, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, loader, schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}
	return pkg, nil
}

func write(folder string, files map[string][]byte) error {
	for name, content := range files {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func run(args []string) error {
	if len(args) != 3 {
		return errors.New("usage: sdkgen <python|go|dotnet|java> <schema.json> <folder>")
	}
	loader := schema.NewPluginLoader(nil)
	pkg, err := bind(args[1], loader)
	if err != nil {
		return err
	}
	files, err := generate(args[0], pkg, schema.NewCachedLoader(loader))
	if err != nil {
		return err
	}
	return write(args[2], files)
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
