//! What IAM is asked for a request: actions, resources, and the values that conditions may look at.
//! By the "Actions, resources, and condition keys" pages of the service authorization reference.

use axum::http::{Method, request};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::service::{Service, parameter};
use crate::dynamo::{self, Dynamo};
use crate::policy::Access;
use crate::{ACCOUNT, REGION, sqs};

/// Everything that has to be allowed.
pub(super) fn of(
    service: &Service,
    parts: &request::Parts,
    body: &[u8],
    tables: &Dynamo,
) -> Vec<Access> {
    let asked: Value = serde_json::from_slice(body).unwrap_or_default();
    match service {
        Service::Dynamo(operation) => rows(operation, &asked, tables),
        Service::Sqs(action) => vec![queue(action, &asked)],
        Service::Kms(operation) => vec![key(operation, &asked)],
        Service::Ses if asks_for_account(parts) => vec![Access::new("ses:GetAccount", "*")],
        Service::Ses => mail(&asked),
        Service::S3 => file(parts),
    }
}

/// "Permissions for Put, Update, Delete, and Get actions are governed by the permissions used for the
/// underlying operations", so a transaction needs those of its parts and none of its own. Batches
/// have actions of their own.
fn rows(operation: &str, asked: &Value, tables: &Dynamo) -> Vec<Access> {
    match operation {
        "TransactWriteItems" | "TransactGetItems" => {
            let items = asked["TransactItems"].as_array().into_iter().flatten();
            let parts = items.filter_map(|item| item.as_object()?.iter().next());
            parts
                .map(|(part, asked)| {
                    let action = match part.as_str() {
                        "ConditionCheck" => "ConditionCheckItem".to_owned(),
                        verb => format!("{verb}Item"),
                    };
                    row(&action, asked, tables)
                        .with("dynamodb:EnclosingOperation", [operation.to_owned()])
                })
                .collect()
        }
        "BatchWriteItem" | "BatchGetItem" => {
            let batches = asked["RequestItems"].as_object().into_iter().flatten();
            batches
                .map(|(table, requests)| {
                    let key = tables.partition_key(table, None).unwrap_or_default();
                    let access = Access::new(format!("dynamodb:{operation}"), dynamo::arn(table));
                    access.with("dynamodb:LeadingKeys", batch_keys(requests, &key))
                })
                .collect()
        }
        _ => vec![row(operation, asked, tables)],
    }
}

/// One operation on one table, or on an index, which is a resource of its own.
fn row(operation: &str, asked: &Value, tables: &Dynamo) -> Access {
    let named = asked["TableName"].as_str().unwrap_or("*");
    let table = named.rsplit('/').next().unwrap_or(named);
    let index = asked["IndexName"].as_str();
    let resource = match index {
        Some(index) => format!("{}/index/{index}", dynamo::arn(table)),
        None => dynamo::arn(table),
    };
    let access = Access::new(format!("dynamodb:{operation}"), resource);
    let Some(key) = tables.partition_key(table, index) else {
        return access;
    };
    let leading = text(&asked["Item"][&key])
        .or_else(|| text(&asked["Key"][&key]))
        .or_else(|| queried(asked, &key));
    match leading {
        Some(value) => access.with("dynamodb:LeadingKeys", [value]),
        None => access,
    }
}

fn batch_keys(requests: &Value, key: &str) -> Vec<String> {
    let writes = requests.as_array().into_iter().flatten();
    let written = writes.filter_map(|request| {
        text(&request["PutRequest"]["Item"][key])
            .or_else(|| text(&request["DeleteRequest"]["Key"][key]))
    });
    let reads = requests["Keys"].as_array().into_iter().flatten();
    written
        .chain(reads.filter_map(|it| text(&it[key])))
        .collect()
}

/// The partition of a query: a query always has the equality `<partition key> = :value`.
fn queried(asked: &Value, key: &str) -> Option<String> {
    let condition = asked["KeyConditionExpression"].as_str()?;
    let mut equalities = condition
        .split(" AND ")
        .filter_map(|part| part.split_once('='))
        .map(|(left, right)| {
            (
                left.trim_matches([' ', '(', ')']),
                right.trim_matches([' ', '(', ')']),
            )
        });
    let is_key = |name: &str| {
        let named = asked["ExpressionAttributeNames"][name].as_str();
        named.unwrap_or(name) == key
    };
    let (_, value) = equalities.find(|(name, _)| is_key(name))?;
    text(&asked["ExpressionAttributeValues"][value])
}

/// A key's value: `{"S": "…"}`, also of a number.
fn text(value: &Value) -> Option<String> {
    let (_, inner) = value.as_object()?.iter().next()?;
    inner.as_str().map(str::to_owned)
}

/// "To grant permission for a batch action, grant it for the single one": there are no others.
fn queue(action: &str, asked: &Value) -> Access {
    let action = action.strip_suffix("Batch").unwrap_or(action);
    let named = asked["QueueUrl"]
        .as_str()
        .or_else(|| asked["QueueName"].as_str());
    let name = named
        .and_then(|named| named.rsplit('/').next())
        .unwrap_or("*");
    Access::new(format!("sqs:{action}"), sqs::arn(name))
}

/// The key of a request, with the encryption context that it is bound to.
fn key(operation: &str, asked: &Value) -> Access {
    let id = asked["KeyId"].as_str().map(str::to_owned);
    let id = id.or_else(|| sealed_with(asked["CiphertextBlob"].as_str()?));
    let resource = match id {
        Some(arn) if arn.starts_with("arn:") => arn,
        Some(id) => format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/{id}"),
        None => "*".to_owned(),
    };
    let access = Access::new(format!("kms:{operation}"), resource);
    let context = asked["EncryptionContext"].as_object();
    let context = context.into_iter().flatten();
    let (mut access, mut names) = (access, Vec::new());
    for (name, value) in context {
        let condition = format!("kms:EncryptionContext:{name}");
        access = access.with(&condition, value.as_str());
        names.push(name.clone());
    }
    match names.is_empty() {
        true => access,
        false => access.with("kms:EncryptionContextKeys", names),
    }
}

/// A sealed text names its key; moto begins it with the id, which has 36 letters.
fn sealed_with(ciphertext: &str) -> Option<String> {
    let bytes = BASE64_STANDARD.decode(ciphertext).ok()?;
    String::from_utf8(bytes.get(..36)?.to_vec()).ok()
}

/// `GetAccount` of the API v2, an action on no resource.
pub(super) fn asks_for_account(parts: &request::Parts) -> bool {
    parts.method == Method::GET && parts.uri.path() == "/v2/email/account"
}

/// A mail that comes finished needs both, on the domain that it is sent from.
fn mail(asked: &Value) -> Vec<Access> {
    let from = asked["FromEmailAddress"].as_str().unwrap_or_default();
    let domain = from.rsplit('@').next().unwrap_or_default();
    let identity = format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/{domain}");
    let actions = match asked["Content"]["Raw"].is_object() {
        true => ["ses:SendEmail", "ses:SendRawEmail"].as_slice(),
        false => &["ses:SendEmail"],
    };
    let needed = |action: &&str| Access::new(*action, identity.clone());
    actions.iter().map(needed).collect()
}

/// S3 by path: `/bucket/key`. "Multipart upload API and permissions": all of an upload is PutObject,
/// but for listing its parts and giving it up. What is copied from elsewhere is also read there.
fn file(parts: &request::Parts) -> Vec<Access> {
    let path = percent_decode_str(parts.uri.path()).decode_utf8_lossy();
    let path = path.trim_start_matches('/');
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    let query = parts.uri.query().unwrap_or_default();
    let of_upload = parameter(query, "uploadId").is_some();
    let source = parts.headers.get("x-amz-copy-source");
    let source = source.and_then(|it| it.to_str().ok()).map(|source| {
        let path = percent_decode_str(source).decode_utf8_lossy();
        let resource = format!("arn:aws:s3:::{}", path.trim_start_matches('/'));
        Access::new("s3:GetObject", resource)
    });
    let on = |action: &str| {
        let resource = match key.is_empty() {
            true => format!("arn:aws:s3:::{bucket}"),
            false => format!("arn:aws:s3:::{bucket}/{key}"),
        };
        let own = Access::new(format!("s3:{action}"), resource);
        [own].into_iter().chain(source).collect()
    };
    match (&parts.method, key.is_empty()) {
        (&Method::GET, false) if of_upload => on("ListMultipartUploadParts"),
        (&Method::GET | &Method::HEAD, false) => on("GetObject"),
        (&Method::PUT | &Method::POST, false) => on("PutObject"),
        (&Method::DELETE, false) if of_upload => on("AbortMultipartUpload"),
        (&Method::DELETE, false) => on("DeleteObject"),
        (&Method::GET | &Method::HEAD, true) => match parameter(query, "prefix") {
            None => on("ListBucket"),
            Some(prefix) => {
                let listing = on("ListBucket").into_iter();
                listing
                    .map(|it| it.with("s3:prefix", [prefix.clone()]))
                    .collect()
            }
        },
        (&Method::PUT, true) => on("CreateBucket"),
        (&Method::POST, true) if parameter(query, "delete").is_some() => {
            vec![Access::new(
                "s3:DeleteObject",
                format!("arn:aws:s3:::{bucket}/*"),
            )]
        }
        (method, _) => on(&format!("{method}Bucket")),
    }
}

/// What somebody who reads a file would also need to learn that it is not there.
pub(super) fn listing(wanted: &[Access]) -> Option<Access> {
    let read = wanted
        .iter()
        .find(|access| access.action == "s3:GetObject")?;
    let (bucket, _) = read.resource.split_once('/')?;
    Some(Access::new("s3:ListBucket", bucket))
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use serde_json::json;

    use super::*;

    fn tables() -> Dynamo {
        let dynamo = Dynamo::memory().unwrap();
        let text = |name: &str| json!({"AttributeName": name, "AttributeType": "S"});
        let key = |name: &str| json!([{"AttributeName": name, "KeyType": "HASH"}]);
        let table = json!({
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [text("pk"), text("o")],
            "KeySchema": key("pk"),
            "GlobalSecondaryIndexes": [{"IndexName": "owner", "KeySchema": key("o"),
                                        "Projection": {"ProjectionType": "ALL"}}],
        });
        dynamo.create("rows", &table).unwrap();
        dynamo
    }

    fn needed(operation: &str, asked: Value) -> Vec<(String, String, Vec<String>)> {
        let accesses = rows(operation, &asked, &tables());
        let keys = |access: &Access| access.context.get("dynamodb:LeadingKeys").cloned();
        accesses
            .into_iter()
            .map(|it| {
                let keys = keys(&it).unwrap_or_default();
                let table = it.resource.rsplit_once("table/").unwrap().1.to_owned();
                (it.action, table, keys)
            })
            .collect()
    }

    fn one(action: &str, table: &str, keys: &[&str]) -> (String, String, Vec<String>) {
        let keys = keys.iter().map(|it| (*it).to_owned()).collect();
        (format!("dynamodb:{action}"), table.to_owned(), keys)
    }

    #[test]
    fn a_row_is_asked_for_by_its_partition() {
        let put = json!({"TableName": "rows", "Item": {"pk": {"S": "a"}, "x": {"N": "1"}}});
        assert_eq!(needed("PutItem", put), [one("PutItem", "rows", &["a"])]);
        let get = json!({"TableName": dynamo::arn("rows"), "Key": {"pk": {"S": "a"}}});
        assert_eq!(needed("GetItem", get), [one("GetItem", "rows", &["a"])]);
        let query = json!({
            "TableName": "rows",
            "KeyConditionExpression": "#k = :k AND #s BETWEEN :from AND :to",
            "ExpressionAttributeNames": {"#k": "pk", "#s": "sk"},
            "ExpressionAttributeValues": {":k": {"S": "a"}, ":from": {"S": "b"}},
        });
        assert_eq!(needed("Query", query), [one("Query", "rows", &["a"])]);
        let index = json!({
            "TableName": "rows",
            "IndexName": "owner",
            "KeyConditionExpression": "o = :o",
            "ExpressionAttributeValues": {":o": {"S": "anna"}},
        });
        assert_eq!(
            needed("Query", index),
            [one("Query", "rows/index/owner", &["anna"])]
        );
    }

    #[test]
    fn a_transaction_is_its_parts_and_a_batch_is_itself() {
        let transaction = json!({"TransactItems": [
            {"Put": {"TableName": "rows", "Item": {"pk": {"S": "a"}}}},
            {"Delete": {"TableName": "rows", "Key": {"pk": {"S": "b"}}}},
            {"ConditionCheck": {"TableName": "rows", "Key": {"pk": {"S": "c"}}}},
        ]});
        let parts = [
            one("PutItem", "rows", &["a"]),
            one("DeleteItem", "rows", &["b"]),
            one("ConditionCheckItem", "rows", &["c"]),
        ];
        assert_eq!(needed("TransactWriteItems", transaction), parts);
        let batch = json!({"RequestItems": {"rows": [
            {"PutRequest": {"Item": {"pk": {"S": "a"}}}},
            {"DeleteRequest": {"Key": {"pk": {"S": "b"}}}},
        ]}});
        let itself = [one("BatchWriteItem", "rows", &["a", "b"])];
        assert_eq!(needed("BatchWriteItem", batch), itself);
    }

    #[test]
    fn a_batch_of_messages_is_the_single_action() {
        let asked = json!({"QueueUrl": "http://127.0.0.1:1/123456789012/work"});
        let access = queue("SendMessageBatch", &asked);
        assert_eq!(access, Access::new("sqs:SendMessage", sqs::arn("work")));
    }

    #[test]
    fn a_key_is_asked_for_with_its_context() {
        let id = "01234567-89ab-cdef-0123-456789abcdef";
        let arn = format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/{id}");
        let blob = BASE64_STANDARD.encode(format!("{id}then the rest"));
        let context = json!({"account": "a-1"});
        let access = key(
            "Decrypt",
            &json!({"CiphertextBlob": blob, "EncryptionContext": context}),
        );
        let expected = Access::new("kms:Decrypt", arn.clone())
            .with("kms:EncryptionContext:account", ["a-1"])
            .with("kms:EncryptionContextKeys", ["account"]);
        assert_eq!(access, expected);
        let bare = key("GenerateDataKey", &json!({"KeyId": arn.clone()}));
        assert_eq!(bare, Access::new("kms:GenerateDataKey", arn));
    }

    #[test]
    fn a_copied_file_is_read_where_it_comes_from() {
        let request = Request::put("/files/a?partNumber=1&uploadId=2")
            .header("x-amz-copy-source", "files/b%20c")
            .body(())
            .unwrap();
        let expected = [
            Access::new("s3:PutObject", "arn:aws:s3:::files/a"),
            Access::new("s3:GetObject", "arn:aws:s3:::files/b c"),
        ];
        assert_eq!(file(&request.into_parts().0), expected);
    }

    #[test]
    fn a_file_is_asked_for_by_its_key() {
        let asked = |method: Method, uri: &str| {
            let request = Request::builder().method(method).uri(uri).body(()).unwrap();
            let accesses = file(&request.into_parts().0);
            (accesses[0].action.clone(), accesses[0].resource.clone())
        };
        let on = |action: &str, path: &str| (action.to_owned(), format!("arn:aws:s3:::{path}"));
        let key = "/files/a/b%20c";
        assert_eq!(asked(Method::GET, key), on("s3:GetObject", "files/a/b c"));
        assert_eq!(asked(Method::PUT, key), on("s3:PutObject", "files/a/b c"));
        assert_eq!(
            asked(Method::POST, "/files/a?uploads"),
            on("s3:PutObject", "files/a")
        );
        let upload = "/files/a?uploadId=1&partNumber=2";
        assert_eq!(asked(Method::PUT, upload), on("s3:PutObject", "files/a"));
        assert_eq!(
            asked(Method::DELETE, upload),
            on("s3:AbortMultipartUpload", "files/a")
        );
        assert_eq!(
            asked(Method::DELETE, key),
            on("s3:DeleteObject", "files/a/b c")
        );
        assert_eq!(
            asked(Method::GET, "/files?list-type=2"),
            on("s3:ListBucket", "files")
        );
        let request = Request::get("/files?list-type=2&prefix=a%2Fb%2F");
        let request = request.body(()).unwrap().into_parts().0;
        let listing = Access::new("s3:ListBucket", "arn:aws:s3:::files");
        assert_eq!(file(&request), [listing.with("s3:prefix", ["a/b/"])]);
        assert_eq!(
            asked(Method::POST, "/files?delete"),
            on("s3:DeleteObject", "files/*")
        );
    }
}
