import { readDescriptions } from "../docs/descriptions";

const DESCRIPTIONS = readDescriptions();

/**
 * The meaning of a prop, such as `DataApiKeyProps.alias`, and its default, if that is asked for; other props
 * that the text names are in a module's words.
 */
export function variableDescription(prop: string, withDefault: boolean): string {
  const { meaning, preset } = DESCRIPTIONS.get(prop)!;
  return snakeCased(withDefault && preset !== undefined ? `${meaning} Default: ${preset}.` : meaning);
}

/** A prop's name as Terraform spells arguments. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A text whose quoted names of props are a module's variables. */
export function snakeCased(text: string): string {
  return text.replace(
    /(['`])([a-z]+(?:[A-Z][a-z]*)+)\1/g,
    (_, quote: string, name: string) => quote + snakeCase(name) + quote,
  );
}
