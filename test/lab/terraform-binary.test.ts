import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { terraformBinary } from "../../lab/terraform-binary";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "terraform-binary-"));
const missing = path.join(scratch, "missing");

afterAll(() => {
  fs.rmSync(scratch, { recursive: true });
});

function folderWith(...names: string[]): string {
  const folder = fs.mkdtempSync(path.join(scratch, "path-"));
  for (const name of names) fs.writeFileSync(path.join(folder, name), "", { mode: 0o755 });
  return folder;
}

describe("terraformBinary", () => {
  test("returns the program that TERRAFORM_BINARY_NAME names", () => {
    const PATH = folderWith("terraform", "tofu");
    expect(terraformBinary({ PATH, TERRAFORM_BINARY_NAME: "tofu" })).toBe("tofu");
    const file = path.join(PATH, "tofu");
    expect(terraformBinary({ PATH: "", TERRAFORM_BINARY_NAME: file })).toBe(file);
  });

  test("prefers terraform to tofu when TERRAFORM_BINARY_NAME is unset", () => {
    expect(terraformBinary({ PATH: folderWith("terraform", "tofu") })).toBe("terraform");
    expect(terraformBinary({ PATH: folderWith("tofu") })).toBe("tofu");
  });

  test("returns the OpenTofu built by the setup when neither is installed", () => {
    const built = path.join(folderWith("tofu"), "tofu");
    expect(terraformBinary({ PATH: folderWith() }, built)).toBe(built);
    expect(terraformBinary({ PATH: folderWith(), TERRAFORM_BINARY_NAME: "tofu" }, built)).toBe(built);
  });

  test("fails when no program is found", () => {
    const PATH = folderWith();
    expect(() => terraformBinary({ PATH }, missing)).toThrow(
      new Error("neither 'terraform' nor 'tofu' is on the PATH; install one, or run 'lab/setup.sh' to build OpenTofu"),
    );
    expect(() => terraformBinary({ PATH, TERRAFORM_BINARY_NAME: "tf" }, missing)).toThrow(
      new Error(
        "TERRAFORM_BINARY_NAME is 'tf', which is not on the PATH; install it, or run 'lab/setup.sh' to build OpenTofu",
      ),
    );
  });
});
