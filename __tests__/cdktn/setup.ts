import * as framework from "cdktf";

// Only the successor has it.
if (!("TerraformEphemeralResource" in framework)) {
  throw new Error("cdktf must be resolved to cdktn");
}
