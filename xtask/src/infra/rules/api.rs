//! The API and the sign-in in front of it.

use serde_json::{Value, json};

use super::template::{Rules, Template, each, names};

/// What is open to everybody.
const OPEN: [&str; 4] = [
    "GET /api/v1/docs",
    "GET /api/v1/docs.css",
    "GET /api/v1/openapi.json",
    "GET /api/v1/sign-in",
];
/// What an access log may hold: nothing about who asked, and no path with ids in it.
const LOGGED: [&str; 8] = [
    "$context.requestTime",
    "$context.requestId",
    "$context.routeKey",
    "$context.status",
    "$context.responseLatency",
    "$context.integrationStatus",
    "$context.integrationLatency",
    "$context.authorizer.error",
];

pub(super) fn check(template: &Template<'_>, rules: &mut Rules) {
    check_routes(template, rules);
    check_stage(template.properties("ApiStage"), rules);
    let authorizer = template.properties("Authorizer");
    let tokens = &authorizer["JwtConfiguration"];
    rules.expect(
        authorizer["AuthorizerType"] == "JWT"
            && authorizer["IdentitySource"] == json!(["$request.header.Authorization"])
            && names(&tokens["Issuer"], "UserPool")
            && names(&tokens["Audience"], "AppClient"),
        "tokens are of our sign-in and for our app",
    );
    check_sign_in(template, rules);
}

fn check_routes(template: &Template<'_>, rules: &mut Rules) {
    let mut open = Vec::new();
    for (id, route) in template.all("AWS::ApiGatewayV2::Route") {
        if route["AuthorizationType"] == "JWT" && names(&route["AuthorizerId"], "Authorizer") {
            continue;
        }
        let key = route["RouteKey"].as_str().unwrap_or_default();
        rules.expect(
            OPEN.contains(&key),
            format!("{id} ({key}) asks who is there"),
        );
        open.push(key);
    }
    open.sort_unstable();
    rules.expect(open == OPEN, "what is open to everybody is open");
    for (id, integration) in template.all("AWS::ApiGatewayV2::Integration") {
        rules.expect(
            integration["PayloadFormatVersion"] == "2.0",
            format!("{id} sends what the functions read"),
        );
    }
}

fn check_stage(stage: &Value, rules: &mut Rules) {
    let limits = &stage["DefaultRouteSettings"];
    rules.expect(
        !limits["ThrottlingRateLimit"].is_null() && !limits["ThrottlingBurstLimit"].is_null(),
        "the API is throttled",
    );
    let format = stage["AccessLogSettings"]["Format"]
        .as_str()
        .unwrap_or_default();
    let fields = format.split('"').filter(|part| part.starts_with('$'));
    let fields: Vec<&str> = fields.collect();
    for needed in &LOGGED[1..5] {
        rules.expect(
            fields.contains(needed),
            format!("requests are logged with {needed}"),
        );
    }
    for field in fields {
        rules.expect(LOGGED.contains(&field), format!("{field} is in no log"));
    }
}

fn check_sign_in(template: &Template<'_>, rules: &mut Rules) {
    let pool = template.properties("UserPool");
    rules.expect(
        template.stays("UserPool") && pool["DeletionProtection"] == "ACTIVE",
        "people stay without their stack",
    );
    rules.expect(
        pool["MfaConfiguration"] == "OPTIONAL"
            && pool["EnabledMfas"] == json!(["SOFTWARE_TOKEN_MFA"]),
        "there is a second factor",
    );
    let length = &pool["Policies"]["PasswordPolicy"]["MinimumLength"];
    rules.expect(length.as_u64() >= Some(14), "passwords are long");
    let client = template.properties("AppClient");
    rules.expect(
        client["GenerateSecret"] == false && client["AllowedOAuthFlows"] == json!(["code"]),
        "the app signs in by code and has no secret",
    );
    rules.expect(
        client["EnableTokenRevocation"] == true
            && client["PreventUserExistenceErrors"] == "ENABLED",
        "tokens can be taken back, and nobody learns who is known",
    );
    for address in each(&client["CallbackURLs"]).chain(each(&client["LogoutURLs"])) {
        let text = address["Fn::Sub"].as_str().unwrap_or_default();
        rules.expect(
            text.starts_with("https://${Distribution.DomainName}/"),
            "the sign-in comes back to the app only",
        );
    }
}
