import type { Hono } from "hono";
import { layout } from "../../pages/layout.ts";
import { noRunYet } from "../../pages/no_run_yet.ts";
import { predictionQuery, readPredictionAddress } from "../../pages/predictions/prediction_address.ts";
import { predictionsPage, predictionTiles } from "../../pages/predictions/predictions_page.ts";
import { htmlResponse } from "../answers/html_response.ts";
import { parametersOf } from "../answers/parameters.ts";
import type { Studio } from "../answers/studio.ts";

/** The photos to predict, by P(dog), by doubt or by name. */
export function predictionsRoutes(app: Hono, { feed, knowledge }: Studio): void {
  const pageAt = async (url: string) => {
    const address = readPredictionAddress(parametersOf(url));
    const page = await (await knowledge.get())?.predictions(predictionQuery(address));
    return page && { address, page };
  };
  app.get("/predictions", async ({ req }) => {
    const found = await pageAt(req.url);
    const content = found ? predictionsPage(found.address, found.page) : noRunYet("Predictions");
    return htmlResponse(layout({ name: "predictions", content, scripts: ["predictions"] }, await feed.view()));
  });
  app.get("/predictions/more", async (context) => {
    const found = await pageAt(context.req.url);
    return found ? htmlResponse(predictionTiles(found.address, found.page)) : context.notFound();
  });
}
