import type { ICluster, IServerless, IWarehouse, PolicyStatement } from "../../../modules";
import { fail } from "../../../modules/private/checks";
import type { Path } from "../../config/configuration-file";
import type { KeyConfiguration, WarehouseConfiguration } from "../../config/schema";
import type { WarehouseContext } from "../warehouse-context";

type Cluster = NonNullable<WarehouseConfiguration["cluster"]>;
type Serverless = NonNullable<WarehouseConfiguration["serverless"]>;

/** A key of `cluster` or `serverless` in an entry. */
export type Section = keyof Cluster | keyof Serverless;

/** The type of the settings of a section. */
export type SettingsOf<S extends Section> = NonNullable<
  (S extends keyof Cluster ? Cluster[S] : never) | (S extends keyof Serverless ? Serverless[S] : never)
>;

/** The kinds of warehouses that have a section. */
type WarehouseOf<S extends Section> =
  (S extends keyof Cluster ? ICluster : never) | (S extends keyof Serverless ? IServerless : never);

/** The context of an add-on: its warehouse, and the path of its section in the entry. */
export interface AddOnContext<W extends IWarehouse = IWarehouse> extends WarehouseContext<W> {
  readonly place: Path;
}

/**
 * An add-on: a section of the settings of a warehouse, and the functions that create its constructs. Tables of documentation pages
 * have the tags of an add-on's JSDoc: `@billed`, `@magnitude` and `@prices` (docs/cost.md), and `@existing`, the difference for an
 * existing warehouse (docs/adopt.md).
 */
export interface AddOn<S extends Section = Section> {
  readonly section: S;
  /** Creates the constructs of the section in the stack of the warehouse. */
  add(context: AddOnContext<WarehouseOf<S>>, settings: SettingsOf<S>): void;
  /**
   * Returns the statements that a shared key, which is in another stack, needs for the add-on of its warehouses.
   *
   * @default - none
   */
  keyStatements?(key: KeyConfiguration, warehouses: readonly WarehouseConfiguration[]): readonly PolicyStatement[];
}

/**
 * Creates a construct for each item of a section. The construct ID comes from the item, so that the order of the items has no
 * effect.
 */
export function addEach<T, C>(
  { place, problems, stack }: AddOnContext,
  items: readonly T[],
  idOf: (item: T) => string,
  construct: (id: string, item: T) => C,
): readonly (readonly [item: T, construct: C])[] {
  return items.flatMap((item, index) => {
    const added = problems.at([...place, index], () => {
      const id = idOf(item);
      if (stack.node.tryFindChild(id)) {
        fail(stack, "", "differ from each earlier item, in its name or in the thing that it is for", "the same again");
      }
      return construct(id, item);
    });
    return added === undefined ? [] : [[item, added] as const];
  });
}
