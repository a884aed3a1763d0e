/** A synthesized stack without the metadata of its framework, and without the bindings' pin of their provider. */
export function withoutFramework(stack: object): object {
  const text = JSON.stringify(stack, (key, value: unknown) => {
    if (key === "required_providers") {
      return Object.keys(value as object);
    }
    return key === "//" ? undefined : value;
  });
  return JSON.parse(text) as object;
}
