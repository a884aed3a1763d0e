import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../../../app/cli/folder";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "folder-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

test("makeFolder creates a missing folder with its parents, and accepts an existing folder", () => {
  const folder = join(directory, "a", "b", "c");
  makeFolder(folder);
  makeFolder(folder);
  expect(statSync(folder).isDirectory()).toBe(true);
});

test("makeFolder accepts a folder that another process creates at the same time", () => {
  const folder = join(directory, "a");
  const mkdir = mkdirSync;
  jest.spyOn(fs, "mkdirSync").mockImplementation((path) => {
    mkdir(path);
    return mkdir(path) as undefined;
  });
  makeFolder(folder);
  expect(existsSync(folder)).toBe(true);
});

test("makeFolder throws if the path or its parent is a dangling link, or the parent is a file", () => {
  writeFileSync(join(directory, "file"), "");
  symlinkSync(join(directory, "gone"), join(directory, "link"));
  expect(() => makeFolder(join(directory, "file", "a"))).toThrow(/^ENOTDIR: /);
  expect(() => makeFolder(join(directory, "link"))).toThrow(/^EEXIST: /);
  expect(() => makeFolder(join(directory, "link", "a"))).toThrow(/^EEXIST: /);
});
