"""The main job by a client that openapi-python-client wrote from the document: connect, draft, preview,
confirm, watch, take back, and export. Any answer that does not fit the document ends it.

Arguments: where the server is, and the token.
"""

import json
import sys
import time

from bulkhead_client import AuthenticatedClient
from bulkhead_client.api.accounts import connect_account
from bulkhead_client.api.jobs import (
    confirm_job,
    create_job,
    download_export,
    get_job,
    list_outcomes,
    preview_job,
    undo_job,
)
from bulkhead_client.api.mails import list_items
from bulkhead_client.models import (
    Confirm,
    SandboxConnection,
    ExportFormat,
    Job,
    NewAccount,
    NewJob,
    ArchiveOperation,
    ExportOperation,
    Outcome,
    Problem,
    QuerySelection,
    State,
)
from bulkhead_client.types import UNSET

PATIENCE = 30.0
ENDED = {State.COMPLETED, State.FAILED, State.CANCELLED, State.EXPIRED}


def good(answer):
    """The answer, unless it is none or a problem."""
    if answer is None or isinstance(answer, Problem):
        raise SystemExit(f"not as described, or refused: {answer}")
    return answer


def wait(client: AuthenticatedClient, job: str, states: set[State]) -> Job:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = good(get_job.sync(job, client=client))
        counts = found.counts.to_dict()
        assert sum(counts.values()) == found.total, "the counts add up"
        if found.state in states:
            return found
        time.sleep(0.05)
    raise SystemExit(f"{job} is not {states} after {PATIENCE} s")


def confirm(client: AuthenticatedClient, job: str) -> Job:
    """Looks at the preview and says yes to exactly that."""
    wait(client, job, {State.DRAFT})
    preview = good(preview_job.sync(job, client=client))
    assert preview.total > 0 and preview.sample, "something is to be done"
    yes = Confirm(manifest_hash=preview.manifest_hash)
    good(confirm_job.sync(job, client=client, body=yes))
    ended = wait(client, job, ENDED)
    assert ended.state is State.COMPLETED, ended.state
    assert ended.counts.succeeded == preview.total, "what was previewed was done"
    return ended


def inbox(client: AuthenticatedClient, account: str) -> int:
    return good(list_items.sync(account, client=client, q="in:inbox")).total


def main(address: str, token: str) -> None:
    client = AuthenticatedClient(base_url=address, token=token, raise_on_unexpected_status=True)
    with client:
        sandbox = NewAccount(connection=SandboxConnection(kind="sandbox"))
        account = good(connect_account.sync(client=client, body=sandbox)).id
        before = inbox(client, account)

        everything = QuerySelection(query="in:inbox")
        archive = NewJob(account=account, operation=ArchiveOperation(type_="archive"), selection=everything)
        job = good(create_job.sync(client=client, body=archive))
        done = confirm(client, job.id)
        assert inbox(client, account) == 0, "the inbox is empty"
        outcomes = good(list_outcomes.sync(job.id, client=client))
        assert all(item.outcome is Outcome.SUCCEEDED for item in outcomes.items)

        undo = good(undo_job.sync(job.id, client=client))
        confirm(client, undo.id)
        assert inbox(client, account) == before == done.total, "all is as it was"

        wanted = ExportOperation(type_="export", format_=ExportFormat.JSON)
        export = NewJob(account=account, operation=wanted, selection=everything)
        export = good(create_job.sync(client=client, body=export))
        confirm(client, export.id)
        file = download_export.sync_detailed(export.id, client=client)
        assert len(good(file.parsed)) == before, "every mail is in the file"
        assert json.loads(file.content)[0]["id"] == file.parsed[0].id
        assert file.parsed[0].labels is not UNSET
    print(f"{before} mails archived, taken back and exported by a client made from the document")


if __name__ == "__main__":
    main(*sys.argv[1:])
