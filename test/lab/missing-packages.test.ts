import { missingPackages } from "../../lab/missing-packages";

test("missingPackages lists packages that are not installed, or of which only the configuration is left", () => {
  const installed = "lz4 installed\nmtools config-files\nlvm2-dbg installed\n";

  expect(missingPackages(["lz4", "mtools", "lvm2"], installed)).toEqual(["mtools", "lvm2"]);
});
