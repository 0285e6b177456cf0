import { Size } from "../../../constructs";

describe("Size", () => {
  it.each([
    [Size.bytes(512), 512],
    [Size.kibibytes(2), 2048],
    [Size.mebibytes(1), 1_048_576],
    [Size.gibibytes(1.5), 1_610_612_736],
    [Size.tebibytes(1), 1_099_511_627_776],
    [Size.parse("20GiB"), 21_474_836_480],
    [Size.parse(" 1.5 KiB "), 1536],
    [Size.parse("7B"), 7],
  ])("%s has %d bytes", (size, bytes) => {
    expect(size.toBytes()).toBe(bytes);
  });

  it.each([
    [Size.bytes(0), "0 bytes"],
    [Size.bytes(1000), "1000 bytes"],
    [Size.kibibytes(1024), "1 MiB"],
    [Size.mebibytes(1536), "1536 MiB"],
    [Size.gibibytes(2048), "2 TiB"],
  ])("is written in the largest unit that needs no fraction: %s", (size, text) => {
    expect(size.toString()).toBe(text);
  });

  it("is converted to other units", () => {
    expect(Size.gibibytes(1).toKibibytes()).toBe(1_048_576);
    expect(Size.gibibytes(1).toMebibytes()).toBe(1024);
    expect(Size.tebibytes(1).toGibibytes()).toBe(1024);
  });

  it("is rounded only when that is asked for", () => {
    const size = Size.bytes(1500);
    expect(size.toKibibytes("down")).toBe(1);
    expect(size.toKibibytes("up")).toBe(2);
    expect(() => size.toKibibytes()).toThrow(
      "1500 bytes is not a whole number of KiB; say whether to round it 'up' or 'down'",
    );
  });

  it("is added, multiplied and compared", () => {
    expect(Size.mebibytes(1).plus(Size.mebibytes(2)).equals(Size.mebibytes(3))).toBe(true);
    expect(Size.mebibytes(1).times(3).equals(Size.mebibytes(3))).toBe(true);
    expect(Size.mebibytes(1).isLessThan(Size.mebibytes(2))).toBe(true);
    expect(Size.mebibytes(1).isLessThan(Size.mebibytes(1))).toBe(false);
    expect(Size.mebibytes(1).isMultipleOf(Size.bytes(512))).toBe(true);
    expect(Size.bytes(513).isMultipleOf(Size.bytes(512))).toBe(false);
  });

  it.each([
    [() => Size.bytes(1.5), "1.5 B"],
    [() => Size.mebibytes(-1), "-1 MiB"],
    [() => Size.gibibytes(Number.NaN), "NaN GiB"],
    [() => Size.tebibytes(1e9), "1000000000 TiB"],
  ])("refuses an amount that is no number of bytes: %s", (make, got) => {
    expect(make).toThrow(
      `a size must be a whole number of bytes from 0 to 9007199254740991, got ${got}; give an amount that is known before deployment`,
    );
  });

  it.each(["20", "20GB", "20G", "-1MiB", "", "1,5GiB"])("refuses to guess what '%s' means", (text) => {
    expect(() => Size.parse(text)).toThrow(
      `a size must be a number with the unit B, KiB, MiB, GiB or TiB, got '${text}'; write it like '20GiB'`,
    );
  });
});
