import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packagesWithGoroutines } from "./goroutines";

describe("packagesWithGoroutines", () => {
  let module: string;

  beforeEach(() => {
    module = mkdtempSync(join(tmpdir(), "module-"));
  });

  afterEach(() => {
    rmSync(module, { recursive: true });
  });

  function write(file: string, code: string): void {
    mkdirSync(dirname(join(module, file)), { recursive: true });
    writeFileSync(join(module, file), code);
  }

  test("finds go statements and calls of Go, in code and in tests", () => {
    write("main.go", "package main\nfunc main() {\n\tgo func() {}()\n}\n");
    write("internal/conn/dial.go", "package conn\nfunc f() {\n\tgo dial(1)\n\tgo s.serve()\n}\n");
    write("internal/move/move_test.go", "package move\nfunc f() {\n\tgroup.Go(work)\n}\n");

    expect(packagesWithGoroutines(module)).toEqual([".", "./internal/conn", "./internal/move"]);
  });

  test("ignores other packages and packages in excluded folders", () => {
    write("internal/xml/xml.go", "package xml\n\n// go there (now)\nvar going = goes(1)\n");
    write("acceptance/guest/guest.go", "package guest\nfunc f() {\n\tgo boot()\n}\n");

    expect(packagesWithGoroutines(module, ["acceptance"])).toEqual([]);
  });
});
