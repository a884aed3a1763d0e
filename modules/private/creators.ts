import { type TerraformProvider, TerraformStack } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { fail, known } from "./checks";

/** By app or stack, and then by a thing that AWS has only once: the path of the construct that creates it. */
const CREATORS = new WeakMap<IConstruct, Map<string, string>>();

/** Records that a construct creates a thing. Returns the path of another construct in `scope` that creates it already. */
function otherCreator(scope: IConstruct, { node }: IConstruct, thing: string): string | undefined {
  const creators = CREATORS.get(scope) ?? new Map<string, string>();
  const first = creators.get(thing);
  CREATORS.set(scope, creators.set(thing, first ?? node.path));
  return first;
}

/**
 * Records that a construct writes an inline policy of a role. Returns the path of another construct of the app that writes the
 * policy already: IAM has one policy of each name, so that the two would replace each other.
 */
export function otherWriter(writer: IConstruct, roleArn: string, policyName: string): string | undefined {
  return otherCreator(writer.node.root, writer, `${roleArn} ${policyName}`);
}

/**
 * Refuses a prop if another construct of the class and `scope` has the same `thing`, such as a name: AWS refuses the second, or the
 * second replaces the first.
 */
export function checkOnce(
  where: Construct,
  prop: string,
  got: string,
  thing: readonly (string | undefined)[],
  scope: IConstruct = TerraformStack.of(where),
): void {
  const first = otherCreator(scope, where, [where.constructor.name, prop, ...thing].join(" "));
  if (first !== undefined) {
    const must = `be given to only one construct of the class: ${first} has it already`;
    fail(where, prop, must, known(got) ? got : "a token");
  }
}

/**
 * Refuses the name of a subnet group that AWS has by itself, or that another construct of the stack creates. A group of a cluster
 * and a group of an endpoint cannot have the same name.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateClusterSubnetGroup.html
 */
export function checkSubnetGroupName(
  where: Construct,
  prop: string,
  name: string,
  provider: TerraformProvider | undefined,
): void {
  if (name === "default") {
    fail(where, prop, "not be default, because AWS has a subnet group of that name", name);
  }
  const first = otherCreator(TerraformStack.of(where), where, `subnet group ${name} ${provider?.fqn}`);
  if (first !== undefined) {
    fail(
      where,
      prop,
      `be another name, because ${first} creates a subnet group of this name`,
      known(name) ? name : "a token",
    );
  }
}
