// The library that the project uses: cdktf, or its successor cdktn. In the npm packages, this module takes the place of cdktf,
// so that one source works with both, and a project that has one of them gets no second copy.
const { existsSync, readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

const names = ["cdktf", "cdktn"];

function isInstalled(name) {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** The library that the nearest package.json declares, if it declares one of them. */
function declared(folder) {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(file, "utf8"));
    const found = names.filter((name) => dependencies?.[name] !== undefined || devDependencies?.[name] !== undefined);
    return found.length === 1 ? found[0] : undefined;
  }
  return dirname(folder) === folder ? undefined : declared(dirname(folder));
}

const installed = names.filter(isInstalled);
if (installed.length === 0) {
  throw new Error("'kvm-fleet' requires 'cdktf' or 'cdktn'; install one of them, and 'constructs'");
}
// If both are installed, such as by a command line that brings its own library, the project decides.
module.exports = require((installed.length > 1 && declared(process.cwd())) || installed[0]);
