import { test } from "uvu";
import * as assert from "uvu/assert";
import { html } from "./html.ts";

test("plain text that enters a template is escaped, Html is not", () => {
  const hostile = `<script>alert("x")</script>&'`;
  assert.is(html`<p title="${hostile}">${hostile}</p>`.html.includes("<script>"), false);
  assert.is(
    html`<ul>${[html`<li>${"a<b"}</li>`, html`<li>2</li>`]}</ul>`.html,
    "<ul><li>a&lt;b</li><li>2</li></ul>",
  );
  assert.is(html`${null}${false}${0}`.html, "0");
});

test.run();
