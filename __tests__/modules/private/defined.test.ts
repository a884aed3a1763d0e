import { defined } from "../../../modules/private/defined";

interface Config {
  readonly name: string;
  readonly size?: number;
  readonly tags?: Record<string, string>;
}

test("drops undefined members only", () => {
  const size: number | undefined = undefined;
  const config: Config = defined({ name: "", size, tags: {} });
  expect(config).toStrictEqual({ name: "", tags: {} });
  expect(defined({ a: null, b: false, c: 0 })).toStrictEqual({ a: null, b: false, c: 0 });
});

test("takes the members of the type only", () => {
  const configs: Config[] = [
    // @ts-expect-error -- a required member is undefined
    defined({ name: undefined }),
    // @ts-expect-error -- the type has no such member
    defined({ name: "a", naem: "b" }),
    // @ts-expect-error -- the member has another type
    defined({ name: "a", size: "1" }),
  ];
  expect(configs).toHaveLength(3);
});
