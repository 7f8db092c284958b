import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { messageOf, UserError } from "../../files/user_error.ts";
import { html } from "../../report/html.ts";
import { layout } from "../pages/layout.ts";
import { notice } from "../pages/notice.ts";
import { RESPONSE_HEADERS } from "../security/response_headers.ts";
import type { Asset } from "./answers/assets.ts";
import { htmlResponse } from "./answers/html_response.ts";
import { compareRoutes } from "./routes/compare_routes.ts";
import { photoRoutes } from "./routes/photo_routes.ts";
import { reviewRoutes } from "./routes/review_routes.ts";
import { duplicatesRoutes } from "./routes/duplicates_routes.ts";
import { predictionsRoutes } from "./routes/predictions_routes.ts";
import { tryRoutes } from "./routes/try_routes.ts";
import { runRoutes } from "./routes/run_routes.ts";
import type { Studio } from "./answers/studio.ts";

/** What is sent there are words on photos, and no pictures. */
const SMALL_BODIES = ["/run/*", "/review/*", "/duplicates/*"];
const MAXIMUM_BODY_BYTES = 4 * 2 ** 20;

/** All that the studio answers. Whoever may not ask gets nothing, whatever was asked for. */
export function studioApp(studio: Studio, assets: ReadonlyMap<string, Asset>): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const { access } = studio;
    const refusal = access.refusal(context.req.raw);
    if (refusal) context.res = context.text(refusal.reason, refusal.status);
    else if (access.hasToken(context.req.raw)) context.res = enter(access.cookie);
    else await next();
    for (const [name, value] of RESPONSE_HEADERS) {
      if (!context.res.headers.has(name)) context.res.headers.set(name, value);
    }
    if (!context.res.headers.has("Cache-Control")) context.res.headers.set("Cache-Control", "no-store");
  });
  for (const path of SMALL_BODIES) app.use(path, bodyLimit({ maxSize: MAXIMUM_BODY_BYTES }));
  app.get("/assets/:name", (context) => {
    const asset = assets.get(context.req.param("name"));
    return asset ? context.body(asset.content, 200, { "Content-Type": asset.type }) : context.notFound();
  });
  runRoutes(app, studio);
  reviewRoutes(app, studio);
  photoRoutes(app, studio);
  duplicatesRoutes(app, studio);
  predictionsRoutes(app, studio);
  tryRoutes(app, studio);
  compareRoutes(app, studio);
  app.notFound((context) => context.text("There is no such page.", 404));
  app.onError(async (thrown, context) => {
    if (thrown instanceof HTTPException) return thrown.getResponse();
    const status = thrown instanceof UserError ? 409 : 500;
    const message = messageOf(thrown);
    if (!context.req.header("accept")?.includes("text/html")) return context.text(message, status);
    const page = layout({ name: "photo", content: notice(message) }, await studio.feed.view());
    return context.html(page.markup.trimStart(), status);
  });
  return app;
}

/** Keeps the token as a cookie and goes on to the page, whose address no longer holds it. */
function enter(cookie: string): Response {
  const page = html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="refresh" content="0; url=/">
        <title>Studio</title>
      </head>
      <body>
        <p><a href="/">Open the studio</a></p>
      </body>
    </html>
  `;
  return htmlResponse(page, { "Set-Cookie": cookie });
}
