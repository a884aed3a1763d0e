import { join } from "node:path";

/** The top folder of the checkout, or of the installed package: this code is two folders below the top folder in both cases. */
export const PACKAGE = join(__dirname, "..", "..");
