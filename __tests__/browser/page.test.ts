import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page, type Request } from "playwright-core";
import { render } from "../../review/render/render";
import type { Report } from "../../review/report/report";
import { reportOf } from "../plans/goldens";
import { HOSTILE, reportWith } from "../review/support/hostile-report";
import {
  ADMINISTRATOR,
  allow,
  created,
  IN_ACCOUNT,
  kept,
  policyOf,
  reviewed,
  updated,
} from "../review/support/small-plan";
import { ACCOUNT } from "../support/arns";
import { chromiumPath } from "./chromium";

const EXECUTABLE = chromiumPath();
const REVIEWED = reportOf("pull-request/after");
/** An error and a warning. */
const PULL_REQUEST: Report = {
  ...REVIEWED,
  findings: REVIEWED.findings.map((finding, index) => ({ ...finding, severity: index === 0 ? "error" : "warning" })),
};
const IGNORED: Report = {
  ...PULL_REQUEST,
  findings: PULL_REQUEST.findings.map((finding, index) =>
    index === 0 ? finding : { ...finding, ignored: "a reason" },
  ),
};

/** Keys with a cluster each. Some keys are new, and some gain or lose a user. */
function manyKeys(count: number): Report {
  const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
  return reviewed(
    Array.from({ length: count }, (_, index) => {
      const user = allow(role(`Team${index % 7}`), "kms:Decrypt", IN_ACCOUNT);
      const arn = `arn:aws:kms:us-east-1:${ACCOUNT}:key/${index}`;
      const key = (...more: object[]) => ({ arn, policy: policyOf(ADMINISTRATOR, ...more) });
      const address = `aws_kms_key.k${index}`;
      const changes = [
        created(address, key(user)),
        updated(address, key(user), key(user, allow(role(`New${index}`), "kms:*"))),
        updated(address, key(user), key()),
      ];
      const cluster = kept(`aws_redshift_cluster.c${index}`, { encrypted: true, kms_key_id: arn });
      return [changes[index % 10] ?? kept(address, key(user)), cluster];
    }).flat(),
  );
}

const PLANS: Readonly<Record<string, readonly Report[]>> = {
  "access that is gained and lost": [PULL_REQUEST],
  "ignored findings": [IGNORED],
  "drift and a hidden policy": [reportOf("drift-policy/triggers"), reportOf("unknown-policy/after")],
  // Tables that are open and closed, of keys with each change and without one. axe takes its time for each key.
  "many keys": [manyKeys(12)],
  "hostile names": [reportWith(HOSTILE.markup!.text)],
  nothing: [reviewed([])],
};

(EXECUTABLE === undefined ? describe.skip : describe)("in Chromium, the page", () => {
  let browser: Browser;
  let scratch: string;
  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), "page-"));
    // Playwright controls the browser through a pipe, so nothing listens on a port.
    browser = await chromium.launch({ executablePath: EXECUTABLE! });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(scratch, { force: true, recursive: true });
  });

  /** A page for each set of options, because a new page takes half a second. */
  const pages = new Map<string, Promise<Page>>();

  async function openPage(options: BrowserContextOptions): Promise<Page> {
    const context = await browser.newContext({ viewport: { height: 800, width: 1280 }, ...options });
    return context.newPage();
  }

  /** Removes what an earlier visit has left on a page. */
  async function reset(page: Page): Promise<void> {
    page.removeAllListeners();
    await page.goto("about:blank");
    await page.emulateMedia({ media: null });
  }

  /** Runs steps on a page, and returns its requests, errors and messages. */
  async function visit(
    html: string,
    steps: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<{ readonly messages: readonly string[]; readonly requests: readonly string[] }> {
    const file = join(scratch, "review.html");
    writeFileSync(file, html);
    const key = JSON.stringify(options);
    const opened = pages.get(key) ?? openPage(options);
    pages.set(key, opened);
    const page = await opened;
    await reset(page);
    const messages: string[] = [];
    const requests: Request[] = [];
    page.on("console", (message) => messages.push(message.text()));
    page.on("dialog", (dialog) => void dialog.dismiss().then(() => messages.push(dialog.message())));
    page.on("pageerror", (error) => messages.push(error.message));
    page.on("request", (request) => requests.push(request));
    await page.goto(pathToFileURL(file).href);
    await steps(page);
    return {
      messages,
      requests: requests.slice(1).map((request) => `${request.url()}: ${request.failure()?.errorText ?? "sent"}`),
    };
  }

  const QUIET = { messages: [], requests: [] };

  const INJECTIONS = {
    "a script element": `</code></td></title></svg></option></select><script>alert(1)</script>`,
    "an element with a handler": `"><img src=x onerror=alert(1)><svg onload=alert(1)>`,
    "an attribute with an event handler": `" onmouseover="alert(1)" autofocus onfocus="alert(1)" x="`,
    "an attribute with an event handler in single quotes": `' onmouseover='alert(1)' x='`,
    "an iframe and an object": `<iframe src="https://evil.example"></iframe><object data="//evil.example"></object>`,
    "a style element": `</style><style>@import "https://evil.example/a.css";</style><link rel=stylesheet href=//evil.example>`,
    "a refresh and a base element": `<meta http-equiv=refresh content="0;url=https://evil.example"><base href="https://evil.example">`,
    "a comment and a CDATA section": `<!-- --!> <![CDATA[ ]]> <?xml ?>`,
    "an HTML entity": `&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x&#62;`,
  };
  const shapeOf = `JSON.stringify([...new Set([...document.querySelectorAll("*")].flatMap((element) => element.getAttributeNames().map((name) => element.localName + " " + name)))].sort())`;

  describe("shows as text, in a name,", () => {
    let expected: string;
    beforeAll(async () => {
      await visit(render([reportWith("text")], "html"), async (page) => {
        expected = await page.evaluate<string>(shapeOf);
      });
    });

    test.each(Object.entries(INJECTIONS))("%s", async (_, text) => {
      const visited = await visit(render([reportWith(text)], "html"), async (page) => {
        expect(await page.evaluate(shapeOf)).toBe(expected);
        expect(await page.locator("body").textContent()).toContain(text.replaceAll("https:", "https\\u003a"));
        expect(await page.locator("script").count()).toBe(1);
      });
      expect(visited).toStrictEqual(QUIET);
    });
  });

  test("runs no injected script or style, and loads no injected image, by its Content Security Policy", async () => {
    const html = render([PULL_REQUEST], "html").replace(
      "</main>",
      '<script>document.title = "run"</script><p id="styled" style="color: red" onclick="document.title = 1">a</p>' +
        '<img src="https://evil.example/a.png"><iframe src="https://evil.example"></iframe></main>',
    );
    const { messages, requests } = await visit(html, async (page) => {
      await page.locator("#styled").click();
      expect(await page.title()).toMatch(/^Review of the plan: /);
      expect(await page.evaluate('getComputedStyle(document.getElementById("styled")).color')).not.toBe(
        "rgb(255, 0, 0)",
      );
    });
    expect(requests).toStrictEqual(["https://evil.example/a.png: csp"]);
    expect(messages.filter((message) => message.includes("Content Security Policy")).length).toBeGreaterThan(3);
  });

  test("loads and filters 150 keys in less than a second", async () => {
    await visit(render([manyKeys(150)], "html"), async (page) => {
      const session = await page.context().newCDPSession(page);
      // The time of the processor, because other processes can take the time of the clock.
      await session.send("Performance.enable", { timeDomain: "threadTicks" });
      const seconds = async (): Promise<number> => {
        await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))");
        const { metrics } = await session.send("Performance.getMetrics");
        return metrics.find(({ name }) => name === "TaskDuration")!.value;
      };
      await page.reload();
      const load = await seconds();
      await page.getByLabel("Text").fill("k13");
      const filter = (await seconds()) - load;
      expect(await page.locator("#result").textContent()).toMatch(/ and 11 of 150 keys shown$/);
      process.stderr.write(`150 keys: ${load.toFixed(2)} s to load, ${filter.toFixed(2)} s to filter\n`);
      expect(load).toBeGreaterThan(0.01);
      expect(load).toBeLessThan(1);
      expect(filter).toBeLessThan(1);
    });
  });

  // The dark page differs in its colours only.
  describe.each([
    ["light", "axe.run()"],
    ["dark", 'axe.run({ runOnly: ["color-contrast"] })'],
  ] as const)("in %s", (colorScheme, run) => {
    test.each(Object.entries(PLANS))("makes no request, has no error and passes axe, with %s", async (_, reports) => {
      const visited = await visit(
        render(reports, "html"),
        async (page) => {
          expect(await page.evaluate(`matchMedia("(prefers-color-scheme: ${colorScheme})").matches`)).toBe(true);
          await page.evaluate(axe.source);
          const { passes, violations } = await page.evaluate<axe.AxeResults>(run);
          expect(
            violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => html + failureSummary)]),
          ).toStrictEqual([]);
          expect(passes.map(({ id }) => id)).toContain("color-contrast");
        },
        { colorScheme },
      );
      expect(visited).toStrictEqual(QUIET);
    });
  });

  const FOCUS = `(() => { const element = document.activeElement; return element === document.body ? "" : (element.name || element.getAttribute("aria-label") || element.textContent).trim(); })()`;

  test("can be used by keyboard only", async () => {
    await visit(render([PULL_REQUEST, reportOf("second-user/after")], "html"), async (page) => {
      const { keyboard } = page;
      const result = page.locator("#result");
      const focused: string[] = [];
      do {
        await keyboard.press("Tab");
        focused.push(await page.evaluate<string>(FOCUS));
        expect(
          await page.evaluate(
            "document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle",
          ),
        ).not.toBe("none");
      } while (focused.at(-1) !== "" && focused.length < 100);
      expect(focused[0]).toBe("Skip to the findings");
      expect(focused).toStrictEqual(
        expect.arrayContaining(["text", "severity", "rule", "age", "plan", "key", "Reset"]),
      );
      expect(focused.filter((text) => /^Graph of 1 key, /.test(text))).toHaveLength(2);

      await page.getByLabel("Severity").focus();
      await keyboard.press("w");
      expect(await result.textContent()).toBe("1 of 2 findings and 2 of 2 keys shown");
      await keyboard.press("Shift+Tab");
      await keyboard.type("nothing has this");
      expect(await result.textContent()).toBe("0 of 2 findings and 0 of 2 keys shown");
      await page.getByRole("button", { name: "Reset" }).focus();
      await keyboard.press("Enter");
      await expect(
        page.locator("#result", { hasText: "2 of 2 findings and 2 of 2 keys shown" }).waitFor(),
      ).resolves.toBeUndefined();

      const details = page.locator("details").first();
      await details.locator("summary").focus();
      await keyboard.press("Enter");
      expect(await details.getAttribute("open")).toBeNull();
    });
  });

  test.each([
    ["severity", "warning", "1 of 2 findings and 2 of 2 keys shown"],
    ["rule", "key-deletion-window", "1 of 2 findings and 2 of 2 keys shown"],
    ["age", "standing", "0 of 2 findings and 2 of 2 keys shown"],
    ["plan", "1", "0 of 2 findings and 1 of 2 keys shown"],
    ["key", "key-1-0", "0 of 2 findings and 1 of 2 keys shown"],
  ])("filters findings and keys by %s", async (name, value, expected) => {
    await visit(render([PULL_REQUEST, reportOf("second-user/after")], "html"), async (page) => {
      await page.locator(`[name=${name}]`).selectOption(value);
      expect(await page.locator("#result").textContent()).toBe(expected);
      const shown = await page.locator("[data-keys]").filter({ visible: true }).count();
      expect(expected).toMatch(new RegExp(`^${shown - Number(/and (\d)/.exec(expected)![1])} of `));
    });
  });

  test("prints everything, also hidden keys, and no filter", async () => {
    // More keys change than the page opens.
    await visit(render([manyKeys(40)], "html"), async (page) => {
      const visible = () =>
        page.locator("[data-keys], [data-keys] table, .drawing svg").filter({ visible: true }).count();
      await page.getByLabel("Text").fill("k13");
      const [all, filtered] = [
        await page.locator("[data-keys], [data-keys] table, .drawing svg").count(),
        await visible(),
      ];
      await page.emulateMedia({ media: "print" });
      expect(filtered).toBeLessThan(all);
      expect(await visible()).toBe(all);
      expect(await page.locator("#filter").isVisible()).toBe(false);
      expect((await page.pdf()).subarray(0, 5).toString()).toBe("%PDF-");
    });
  });

  test("shows everything, without filters, if scripts are off", async () => {
    await visit(
      render([PULL_REQUEST], "html"),
      async (page) => {
        expect(await page.locator("#filter").isVisible()).toBe(false);
        expect(await page.locator("[data-keys]").filter({ visible: true }).count()).toBe(3);
      },
      { javaScriptEnabled: false },
    );
  });

  test.each([320, 1280])("needs no horizontal scrolling at a width of %d pixels", async (width) => {
    await visit(
      render([PULL_REQUEST, ...PLANS["hostile names"]!], "html"),
      async (page) => expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width),
      { viewport: { height: 800, width } },
    );
  });
});
