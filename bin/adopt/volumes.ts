import type { Attributes } from "../pipeline/adoptable";
import { group, number, text } from "./attributes";
import { Expression, type Value } from "./code";
import { size } from "./sizes";

/** The image that a volume is a clone of. */
interface Image {
  readonly variable: string;
  readonly volume: { readonly object: { readonly config: Attributes } };
}

/** The properties of a Volume that say what is in it. */
export function volumeProps(config: Attributes, image: Image | undefined): Record<string, Value | undefined> {
  const secretUuid = text(group(config, "encryption"), "secret_uuid");
  return {
    format: text(config, "format"),
    image: image && new Expression(image.variable),
    size: ownSize(config, image),
    encryption: secretUuid === undefined ? undefined : { secretUuid },
  };
}

/** The size of a volume; undefined where it is that of its image. */
export function ownSize(config: Attributes, image: Image | undefined): Expression | undefined {
  const capacity = number(config, "capacity");
  if (capacity === undefined || (image !== undefined && number(image.volume.object.config, "capacity") === capacity)) {
    return undefined;
  }
  return size(capacity);
}
