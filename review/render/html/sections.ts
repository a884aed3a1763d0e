import type { Report } from "../../report/report";
import { othersText } from "../text";
import { graph } from "./graph/graph";
import { keyTables } from "./key-tables";
import { markup, type Part } from "./markup";
import { changesTable, contextTable, notJudgedTable } from "./resource-tables";

/** A section of a plan. */
export interface Section {
  readonly body: Part;
  readonly title: string;
}

/** Returns the sections of a plan that have something to show. */
export function sectionsOf(report: Report, plan: number): readonly Section[] {
  const { changes, drift, keys, notJudged, warehouses } = report;
  const others = othersText(changes.others);
  const noChanges = changes.listed.length === 0 && others === "" ? markup`<p>Nothing changes.</p>` : "";
  const sections = [
    { body: graph(report), title: "Who reaches which warehouse through which key" },
    { body: keyTables(keys, plan), title: "Who can use each key" },
    { body: contextTable(warehouses), title: "Encryption contexts" },
    {
      body: [noChanges, changesTable(changes.listed), others === "" ? "" : markup`<p>${others}</p>`],
      title: "Changes",
    },
    { body: changesTable(drift), title: "Changed outside Terraform" },
    { body: notJudgedTable(notJudged), title: "Rules that could not be judged" },
  ];
  return sections.filter(({ body }) => body !== "");
}
