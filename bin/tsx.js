// Loads tsx, which compiles TypeScript when it is required. tsx caches its output in the temporary folder that TMPDIR names
// when tsx is loaded. Here that is a folder of the checkout, so that 'quickstart --destroy' leaves nothing elsewhere.
const { join } = require("node:path");

const { TMPDIR } = process.env;
process.env.TMPDIR = join(__dirname, "..", ".cache");
try {
  require("tsx/cjs");
} finally {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
}
