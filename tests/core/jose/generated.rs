//! Files made from the crate's own tables. `UPDATE_GENERATED=1 cargo test --test jose generated` writes them anew.

use std::{fmt::Write as _, path::Path};

use edgeward::{
    Error,
    jose::algorithm::ALGORITHMS,
    resource_server::{Check, Ground},
};

/// Compares a file with what it should be, or writes it where that is asked for.
fn expect_file(name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name} is not what the tables say: run `npm run generate`");
}

/// The union that TypeScript code can switch over without forgetting one.
#[test]
fn the_typescript_union_holds_every_code() {
    let mut text = String::from(
        "/**\n * The codes of the Rust core. Made from `src/error/table.rs` by `npm run generate`; don't edit.\n *\n * @module\n */\n\n\
         /** Why the core refused something. `docs/errors.md` says what each means. */\nexport type CoreErrorCode =\n",
    );
    for row in Error::TABLE {
        writeln!(text, "  | \"{}\"", row.code).unwrap();
    }
    let text = format!("{};\n", text.trim_end());
    expect_file("js/error-code.ts", &text);
}

/// Which check refuses for which reason, for `npx edgeward explain`.
#[test]
fn the_typescript_table_of_checks_holds_every_code() {
    let mut text = String::from(
        "/**\n * Made from `src/resource_server/check.rs` by `npm run generate`; don't edit.\n *\n * @module\n */\n\
         import type { CoreErrorCode } from \"../error-code.ts\";\n\n\
         /** What a request with a token goes through. */\nexport type Check = (typeof checks)[number];\n\n\
         /** All of them, in their order. */\nexport const checks = [\n",
    );
    for check in Check::ALL {
        writeln!(text, "  \"{}\",", check.name()).unwrap();
    }
    text.push_str(
        "] as const;\n\n/** Which of them refuses for a reason; null for what no request at a gate is refused for. */\n\
         export const checkOf: Readonly<Record<CoreErrorCode, Check | null>> = {\n",
    );
    for error in crate::error::all() {
        let check = Check::of(&error).map_or("null".into(), |check| format!("\"{}\"", check.name()));
        writeln!(text, "  {}: {check},", error.code()).unwrap();
    }
    text.push_str("};\n");
    expect_file("js/cli/checks.ts", &text);
}

/// What a decision rests on that is no refusal, in the order by whose places the core names it.
#[test]
fn the_typescript_list_holds_every_ground() {
    let mut text = String::from(
        "/**\n * Made from `src/resource_server/ground.rs` by `npm run generate`; don't edit.\n *\n * @module\n */\n\n\
         /** Why the core did not refuse something. `docs/errors.md` says what each means. */\n\
         export type GroundCode = (typeof groundCodes)[number];\n\n\
         /** All of them, in the core's order. */\nexport const groundCodes = [\n",
    );
    for row in Ground::TABLE {
        writeln!(text, "  \"{}\",", row.code).unwrap();
    }
    text.push_str("] as const;\n");
    expect_file("js/ground-code.ts", &text);
}

/// The algorithms that a policy may name, and a host may be asked about, in the order by whose places the core names them.
#[test]
fn the_typescript_list_holds_every_algorithm() {
    let mut text = String::from(
        "/**\n * Made from `src/jose/algorithm.rs` by `npm run generate`; don't edit.\n *\n * @module\n */\n\n\
         /** Signature algorithms (RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864 section 2.2). There are no others. */\n\
         export type AlgorithmName = (typeof algorithmNames)[number];\n\n\
         /** All of them, in the core's order. */\nexport const algorithmNames = [\n",
    );
    for algorithm in ALGORITHMS {
        writeln!(text, "  \"{}\",", algorithm.name()).unwrap();
    }
    text.push_str("] as const;\n");
    expect_file("js/algorithm-name.ts", &text);
}

/// The page a person lands on with a code from a log.
#[test]
fn the_page_of_errors_holds_every_code() {
    let mut text = String::from(
        "# Errors\n\nEvery refusal has one of these codes; they are never renamed. Made from `src/error/table.rs` by `npm run generate`.\n\
         The sentence that comes with a code says what to do next. What a caller of the API gets to see is much less: the README's \
         table of answers.\n\n| code | reason | about | the rule |\n|---|---|---|---|\n",
    );
    for row in Error::TABLE {
        let subject = if row.subject.is_empty() { String::new() } else { format!("`{}`", row.subject) };
        writeln!(text, "| `{}` | {} | {subject} | {} |", row.code, row.reason.name(), row.reference).unwrap();
    }
    text.push_str(
        "\n## Decisions that are no refusals\n\nEvery decision of the gate has a code, in `onDecision`, `onAnswer` and the log; where nothing was refused it is one of \
         these. Made from `src/resource_server/ground.rs`. `internal_error` is a fault of the gate's own.\n\n| code | what it means |\n|---|---|\n",
    );
    for row in Ground::TABLE {
        writeln!(text, "| `{}` | {} |", row.code, row.meaning).unwrap();
    }
    text.push_str(
        "\nIn Rust: `Error::code`, `Error::reason`, `Error::subject`, `Error::reference`. In TypeScript: `EdgewardError.code`, of the type \
         `ErrorCode`, which adds `storage_unavailable`, `authorization_server_unavailable`, `asynchronous_only`, `internal_error`, `module_unavailable` and `platform_unsupported`: what only JavaScript can meet.\n",
    );
    expect_file("docs/errors.md", &text);
}
