import { App } from "cdktf";
import { App as Successor } from "cdktn";

if (App !== (Successor as unknown)) {
  throw new Error("cdktf must be resolved to cdktn");
}
