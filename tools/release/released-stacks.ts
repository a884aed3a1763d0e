import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import replacing from "../../__tests__/golden/replacing.json";
import { ConfigurationFile } from "../../app/config/configuration-file";
import { Fleet } from "../../app/config/fleet";
import { fleetStacks } from "../../app/stacks/fleet-stacks";

/** A synthesized stack, with the members that the comparison of two releases needs. */
export interface ReleasedStack {
  readonly removed?: readonly { readonly from: string }[];
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/**
 * Returns the stacks of the input of a release, by name: the app's stacks for `warehouses.yaml`, and the stack of the library's
 * consumer.
 *
 * @param configuration - the folder of `warehouses.yaml`
 * @param consumer - the folder of `maximal.ts`
 */
export function stacksOf(configuration: string, consumer = configuration): Readonly<Record<string, ReleasedStack>> {
  const app = new App({ stackTraces: false });
  const file = new ConfigurationFile("warehouses.yaml", readFileSync(join(configuration, "warehouses.yaml"), "utf8"));
  const library = new TerraformStack(app, "maximal");
  new AwsProvider(library, "Aws", { region: "us-east-1" });
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the one of that release
  const { maximal } = require(join(consumer, "maximal")) as { maximal: (stack: TerraformStack) => void };
  maximal(library);
  const stacks = [...fleetStacks(app, new Fleet([file]), "."), library].map((stack) => {
    stack.prepareStack();
    const { removed, resource } = JSON.parse(JSON.stringify(stack.toTerraform())) as ReleasedStack;
    return [stack.node.id, { ...(removed && { removed }), resource }] as const;
  });
  return Object.fromEntries(stacks);
}

/**
 * By type of resource that the library creates: the arguments whose change makes the provider replace the resource. The terraform
 * lane compares the file with the provider.
 */
const REPLACING: Readonly<Record<string, readonly string[]>> = replacing;

/** Returns a line for each resource that an upgrade would destroy, replace or no longer protect, with the reason. */
export function losses(before: ReleasedStack, after: ReleasedStack): readonly string[] {
  return Object.entries(before.resource).flatMap(([type, resources]) =>
    Object.entries(resources).flatMap(([name, was]) => {
      const address = `${type}.${name}`;
      const is = after.resource[type]?.[name];
      if (!is) {
        const isForgotten = after.removed?.some(({ from }) => from === address);
        return isForgotten ? [] : [`${address} is destroyed: no resource has its logical ID any more`];
      }
      const replacingOfType = REPLACING[type];
      if (!replacingOfType) {
        return [
          `${address} has a type that is missing in replacing.json: npm run test:terraform -- replacing.test writes it`,
        ];
      }
      const valueText = (value: unknown): string => JSON.stringify(value) ?? "nothing";
      return [
        ...replacingOfType
          .filter((argument) => valueText(was[argument]) !== valueText(is[argument]))
          .map(
            (argument) =>
              `${address} is replaced: ${argument} was ${valueText(was[argument])}, is ${valueText(is[argument])}`,
          ),
        ...(isProtected(was) && !isProtected(is) ? [`${address} is no longer protected`] : []),
      ];
    }),
  );
}

function isProtected({ lifecycle }: Readonly<Record<string, unknown>>): boolean {
  return (lifecycle as { prevent_destroy?: boolean } | undefined)?.prevent_destroy === true;
}
