import { type TerraformResource, TerraformStack, Testing } from "cdktf";
import type { IConstruct } from "constructs";
import { maximal } from "../consumer/maximal";
import { LIBRARY_CONSTRUCTS } from "../deploy/library-constructs";
import { bindingOf, importedTypes } from "../support/imported-types";

type Taggable = TerraformResource & { readonly tagsInput: unknown };

/** Whether the provider's bindings have tags of a resource. */
const isTaggable = (construct: IConstruct): construct is Taggable => "tagsInput" in construct;

const stack = new TerraformStack(Testing.app(), "maximal");
maximal(stack);
const taggable = stack.node.findAll().filter(isTaggable);

test("in the maximal stack, each resource type with tags in the bindings has tags at least once", () => {
  const types = importedTypes("modules")
    .filter((name) => !name.startsWith("data-"))
    .map(bindingOf)
    .flatMap(({ prototype, tfResourceType }) => ("tagsInput" in prototype ? [tfResourceType] : []));
  expect(types).toContain("aws_redshift_cluster");
  const tagged = taggable.filter(({ tagsInput }) => tagsInput !== undefined);
  expect([...new Set(tagged.map(({ terraformResourceType }) => terraformResourceType))].sort()).toStrictEqual(
    types.sort(),
  );
});

test("in the maximal stack, a construct with tags passes them to each of its taggable resources", () => {
  const constructs = stack.node.children.filter(({ constructor }) => LIBRARY_CONSTRUCTS.has(constructor));
  const untagged = constructs.flatMap((construct) => {
    const resources = construct.node.findAll().filter(isTaggable);
    const without = resources.filter(({ tagsInput }) => tagsInput === undefined);
    return without.length < resources.length ? without.map(({ node }) => node.path) : [];
  });
  expect(untagged).toStrictEqual([]);
});
