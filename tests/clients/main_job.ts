// The requests of the main job, as the types that openapi-typescript made of the document want them.

import type { components, paths } from "./api";

type Schemas = components["schemas"];
type JobAnswer =
  paths["/api/v1/jobs/{job}"]["get"]["responses"][200]["content"]["application/json"];

export const connect: Schemas["NewAccount"] = {
  connection: {
    kind: "imap",
    host: "imap.example.com",
    port: 993,
    security: "tls",
    user: "ann@example.com",
    password: "an app password",
  },
};

export const archive: Pick<Schemas["NewJob"], "account" | "operation" | "selection"> = {
  account: "acc_01jwb8k3tqk2v5m9x7c4d6e8f0",
  operation: { type: "archive" },
  selection: { query: "in:inbox older_than:1y" },
};

export const move: Schemas["Operation"] = { type: "move", folder: "Work" };

/** What a page says of a job. Each reason a job can have is one of the variants. */
export function told(job: JobAnswer): string {
  const reason = job.reason;
  if (reason && reason.code === "waiting_for_provider") {
    return `goes on at ${reason.until}`;
  }
  return `${job.counts.succeeded} of ${job.total}`;
}
