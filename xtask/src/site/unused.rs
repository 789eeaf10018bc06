use anyhow::{Result, ensure};
use std::{collections::HashSet, fs, path::Path};
use walrus::{
    FunctionBuilder, FunctionId, FunctionKind, LocalFunction, Module,
    ir::{Call, Visitor, dfs_in_order},
};

/// Functions that a browser never calls, but that are reached through tables of pointers, so that no tool can know: the console
/// fetches a page's code before it hydrates, hence never hydrates while it waits; only a server lists its routes; and nothing that the script
/// calls promises anything but the classes below. A name is not enough for a function that may have the same content as one that is
/// called: the two are one then (so it was with `hydrate_from_template`).
const NEVER_CALLED: [&str; 3] = ["hydrate_async", "generate_routes", "future_to_promise"];

/// Smaller ones are not worth it.
const LEAST_SIZE: usize = 100;

/// What the library behind server functions lends to the browser, for bodies that are streams. The console sends and reads text, so
/// nobody ever makes one of these; but what is exported is kept, by every tool, with all that it calls.
const NEVER_MADE: &str = "IntoUnderlying";

/// Takes the classes that nobody makes out of the module and of the script beside it.
pub fn take_out_classes(module: &mut Module, script: &str) -> Result<String> {
    let lower = NEVER_MADE.to_lowercase();
    let unwanted = module.exports.iter().filter(|export| export.name.trim_start_matches("__wbg_").starts_with(&lower));
    for id in unwanted.map(walrus::Export::id).collect::<Vec<_>>() {
        module.exports.delete(id);
    }
    let (class, end) = (format!("export class {NEVER_MADE}"), format!("if (Symbol.dispose) {NEVER_MADE}"));
    let registry = format!("const {NEVER_MADE}");
    let (mut kept, mut in_class, mut in_registry) = (String::with_capacity(script.len()), false, false);
    for line in script.lines() {
        in_class |= line.starts_with(&class);
        in_registry |= line.starts_with(&registry);
        if !in_class && !in_registry {
            kept.extend([line, "\n"]);
        }
        in_class &= !line.starts_with(&end);
        in_registry &= !line.ends_with(';');
    }
    ensure!(!kept.contains(NEVER_MADE), "something uses the classes of streams after all");
    Ok(kept)
}

/// Takes out of the script what it lends to the module and the module, by now made small, does not ask for.
pub fn take_out_lent(script: &str, main: &Path) -> Result<String> {
    let module = Module::from_buffer(&fs::read(main)?)?;
    let asked: HashSet<_> = module.imports.iter().map(|import| import.name.as_str()).collect();
    Ok(without_lent(script, |name| asked.contains(name)))
}

/// One is a property of an object, from the line with its name to the line that closes as many braces as were opened.
fn without_lent(script: &str, is_asked: impl Fn(&str) -> bool) -> String {
    let (mut kept, mut depth) = (String::with_capacity(script.len()), 0);
    for line in script.lines() {
        let name = line.split_once(": function(").map(|(name, _)| name.trim());
        let is_unasked = name.is_some_and(|name| name.starts_with('w') && !is_asked(name));
        if depth > 0 || is_unasked {
            depth += line.matches('{').count();
            depth -= line.matches('}').count();
        } else {
            kept.extend([line, "\n"]);
        }
    }
    kept
}

/// Empties them. One that was called after all would end the page at once, and the tests in a browser with it.
pub fn take_out(path: &Path) -> Result<()> {
    let mut module = Module::from_buffer(&fs::read(path)?)?;
    for id in unused(&module) {
        let ty = module.funcs.get(id).ty();
        let (params, results) = (module.types.params(ty).to_vec(), module.types.results(ty).to_vec());
        let arguments = params.iter().map(|param| module.locals.add(*param)).collect();
        let mut empty = FunctionBuilder::new(&mut module.types, &params, &results);
        empty.func_body().unreachable();
        module.funcs.get_mut(id).kind = FunctionKind::Local(empty.local_func(arguments));
    }
    fs::write(path, module.emit_wasm())?;
    Ok(())
}

/// Those of the name that nothing else calls: the compiler gives functions of the same content one body and either name.
fn unused(module: &Module) -> HashSet<FunctionId> {
    let has_name =
        |id| module.funcs.get(id).name.as_deref().is_some_and(|name| NEVER_CALLED.iter().any(|f| is_of(name, f)));
    let is_large =
        |function: &LocalFunction| function.original_range.as_ref().is_none_or(|range| range.len() >= LEAST_SIZE);
    let mut unused: HashSet<FunctionId> = module
        .funcs
        .iter_local()
        .filter(|(id, function)| has_name(*id) && is_large(function))
        .map(|(id, _)| id)
        .collect();
    loop {
        let mut called = Called(HashSet::new());
        for (id, function) in module.funcs.iter_local() {
            if !unused.contains(&id) {
                dfs_in_order(&mut called, function, function.entry_block());
            }
        }
        let before = unused.len();
        unused.retain(|id| !called.0.contains(id));
        if unused.len() == before {
            return unused;
        }
    }
}

/// Collects what a function calls by name.
struct Called(HashSet<FunctionId>);

impl Visitor<'_> for Called {
    fn visit_call(&mut self, call: &Call) {
        self.0.insert(call.func);
    }
}

/// Whether a mangled name is that of this function or of a closure in it, but not of what was made for it, such as the end of what
/// it holds, or of a function inside it.
fn is_of(mangled: &str, function: &str) -> bool {
    let Some((before, after)) = mangled.split_once(&format!("{}{function}", function.len())) else { return false };
    let after = after.replace("28_$u7b$$u7b$closure$u7d$$u7d$", "");
    !before.contains("drop_in_place") && !before.contains("drop_slow") && after.starts_with("17h") && after.len() == 20
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_that_nobody_makes_go_and_all_else_stays() {
        let (mut module, ty) = (Module::default(), []);
        for name in ["start", "intounderlyingsink_write", "__wbg_intounderlyingsink_free"] {
            let mut empty = FunctionBuilder::new(&mut module.types, &ty, &ty);
            empty.func_body().unreachable();
            let function = empty.finish(Vec::new(), &mut module.funcs);
            module.exports.add(name, function);
        }
        let class =
            "export class IntoUnderlyingSink {\nfree() {\n}\n}\nif (Symbol.dispose) IntoUnderlyingSink.a = 1;\n";
        let registry = "const IntoUnderlyingSinkFinalization = (a)\n? b\n: new FinalizationRegistry(c);\n";
        let script =
            take_out_classes(&mut module, &format!("{class}let a = 1;\n{registry}let b = 2;\n")).expect("unused");
        assert_eq!(script, "let a = 1;\nlet b = 2;\n");
        let exports: Vec<_> = module.exports.iter().map(|export| export.name.as_str()).collect();
        assert_eq!(exports, ["start"]);
        assert!(take_out_classes(&mut module, "new IntoUnderlyingSink();\n").is_err());
    }

    #[test]
    fn what_the_module_does_not_ask_for_is_not_lent() {
        let plain = |name| format!("{name}: function(arg0) {{\nif (arg0) {{\narg0();\n}}\n}},\n");
        let handled = |name| {
            format!("{name}: function() {{ return handleError(function (arg0) {{\narg0();\n}}, arguments); }},\n")
        };
        let script = [plain("w1"), handled("w2"), plain("w3"), handled("w4"), "f(a);\n".to_owned()].concat();
        let asked = without_lent(&script, |name| ["w2", "w3"].contains(&name));
        assert_eq!(asked, [handled("w2"), plain("w3"), "f(a);\n".to_owned()].concat());
    }

    #[test]
    fn a_function_and_its_closures_count_but_not_what_is_dropped_for_it() {
        let is = |name| is_of(name, "hydrate_async");
        assert!(is("_ZN4view8into_any13hydrate_async17h0123456789abcdefE"));
        assert!(is("_ZN4view8into_any13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE"));
        assert!(!is("_ZN4core3ptr13drop_in_place9view13hydrate_async17h0123456789abcdefE"));
        assert!(!is("_ZN4view8into_any13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$4prep17h0123456789abcdefE"));
        assert!(!is("_ZN4view8into_any19hydrate_from_server17h0123456789abcdefE"));
    }
}
