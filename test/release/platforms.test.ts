import { npmPlatforms, platforms, selectPlatforms } from "../../release/platforms";

describe("the platforms of a release", () => {
  test("are those of the npm packages, and Windows and FreeBSD", () => {
    expect(platforms.map(({ target }) => target)).toEqual([
      "linux_amd64",
      "linux_arm64",
      "darwin_amd64",
      "darwin_arm64",
      "windows_amd64",
      "windows_arm64",
      "freebsd_amd64",
      "freebsd_arm64",
    ]);
  });

  test("are selected by name", () => {
    expect(selectPlatforms(platforms, "win32-x64,linux-arm64").map(({ name }) => name)).toEqual([
      "linux-arm64",
      "win32-x64",
    ]);
    expect(selectPlatforms(npmPlatforms, undefined)).toEqual(npmPlatforms);
    expect(() => selectPlatforms(npmPlatforms, "win32-x64")).toThrow(
      "'--platforms' must be some of linux-x64, linux-arm64, darwin-x64, darwin-arm64, got 'win32-x64'",
    );
  });
});
