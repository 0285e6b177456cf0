import { join } from "node:path";

/** The checkout that this code is in. */
export const checkout = join(__dirname, "..");
