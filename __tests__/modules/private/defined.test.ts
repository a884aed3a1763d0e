import { defined } from "../../../modules/private/defined";

interface Config {
  readonly name: string;
  readonly size?: number;
  readonly tags?: Record<string, string>;
}

test("defined drops undefined members, and keeps null, false and 0", () => {
  const size: number | undefined = undefined;
  const config: Config = defined({ name: "", size, tags: {} });
  expect(config).toStrictEqual({ name: "", tags: {} });
  expect(defined({ a: null, b: false, c: 0 })).toStrictEqual({ a: null, b: false, c: 0 });
});

test("the types of defined refuse an undefined required member, an unknown member and a wrong type", () => {
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
