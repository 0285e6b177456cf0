import { Assembly } from "../../lab/guest/assembly";
import { counterImage } from "../../lab/guest/counter";

describe("Assembly", () => {
  test("resolves forward and backward references in jumps, calls and addresses", () => {
    const code = new Assembly(0x7c00)
      .label("start")
      .jumpIfZero("end")
      .call("end")
      .jump("start")
      .withAddress("message", 0xbd)
      .label("end")
      .emit(0xc3)
      .label("message")
      .text("a");
    expect(code.assemble().toString("hex")).toBe("7408" + "e80500" + "ebf9" + "bd0b7c" + "c3" + "6100");
  });

  test("rejects missing labels, duplicate labels and jumps that are too far", () => {
    expect(() => new Assembly(0).jump("nowhere").assemble()).toThrow("label 'nowhere' does not exist");
    expect(() => new Assembly(0).label("a").label("a")).toThrow("label 'a' must be unique");
    const far = new Assembly(0).jump("end").emit(...Array<number>(128).fill(0x90));
    expect(() => far.label("end").assemble()).toThrow("out of range");
  });
});

describe("the counter's image", () => {
  test("is a boot sector on a disk of 1 MiB", () => {
    const image = counterImage();
    expect(image).toHaveLength(2 ** 20);
    expect(image.subarray(510, 512).toString("hex")).toBe("55aa");
    expect(image.subarray(512).every((byte) => byte === 0)).toBe(true);
  });
});
