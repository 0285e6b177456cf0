// Lets the rest be TypeScript. tsx keeps what it has compiled in the machine's folder for temporary files as that is when
// it is loaded: here it is the checkout's, so that 'quickstart --destroy' leaves nothing of it elsewhere.
const { join } = require("node:path");

const { TMPDIR } = process.env;
process.env.TMPDIR = join(__dirname, "..", ".cache");
try {
  require("tsx/cjs");
} finally {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
}
