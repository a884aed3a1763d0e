import { frameworkUnavailable } from "../../../app/cli/peers";
import type * as peers from "../../../app/cli/peers";

test("frameworkUnavailable returns no reason if each peer dependency is installed", () => {
  expect(frameworkUnavailable("synth")).toBeUndefined();
});

test.each([
  [{ constructs: "^10.4.2", "no-such-package": "^2.0.0" }, '"no-such-package@^2.0.0"'],
  [{ "@no-such/package": "^1.0.0", "no-such-package": "^2.0.0" }, '"@no-such/package@^1.0.0" "no-such-package@^2.0.0"'],
])(
  "frameworkUnavailable for the peer dependencies %j names the command that installs %s",
  (peerDependencies, names) => {
    jest.doMock("../../../package.json", () => ({ name: "@redshift-kms/cli", peerDependencies }));
    let reason: string | undefined;
    jest.isolateModules(() => {
      reason = jest.requireActual<typeof peers>("../../../app/cli/peers").frameworkUnavailable("synth");
    });
    jest.dontMock("../../../package.json");
    expect(reason).toBe(
      `synth requires packages that are not installed beside @redshift-kms/cli: npm install ${names}`,
    );
  },
);
