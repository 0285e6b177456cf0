import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "./errors";
import { checkKey } from "./names";
import { templateLiteral } from "./template-literal";

/** An element of libvirt's XML and the path of its parent, or attributes and the path of their element. */
interface XmlElement {
  readonly element?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly under?: string;
}

/** The elements of libvirt's XML that no property of a construct represents. Elements can be added until synthesis. */
export class XmlElements {
  private readonly elements: Record<string, XmlElement> = {};

  constructor(
    private readonly owner: IConstruct,
    given: Readonly<Record<string, XmlElement>> = {},
  ) {
    for (const [name, xml] of Object.entries(given)) {
      this.add(name, xml);
    }
  }

  /** Adds an element. */
  public add(name: string, { element, attributes, under }: XmlElement): void {
    checkKey(this.owner, "xml", name, this.elements);
    if ((element === undefined) === (attributes === undefined)) {
      addError(this.owner, `'xml.${name}' must have either 'element' or 'attributes'; set one of them`);
    }
    if (element !== undefined && !Token.isUnresolved(element) && !/^\s*<[^]*>\s*$/.test(element)) {
      addError(this.owner, `'xml.${name}.element' must be an XML element, got '${element}'; write it like '<NAME/>'`);
    }
    this.elements[name] = { element: templateLiteral(element), attributes: literals(attributes), under };
  }

  /** Renders the elements. Undefined if there are none. */
  public get rendered(): Readonly<Record<string, XmlElement>> | undefined {
    return Object.keys(this.elements).length > 0 ? this.elements : undefined;
  }
}

function literals(attributes: XmlElement["attributes"]): XmlElement["attributes"] {
  if (attributes === undefined || Token.isUnresolved(attributes)) {
    return attributes;
  }
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, templateLiteral(value)]));
}
