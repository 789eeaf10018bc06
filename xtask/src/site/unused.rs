use anyhow::Result;
use std::{collections::HashSet, fs, path::Path};
use walrus::{
    FunctionBuilder, FunctionId, FunctionKind, LocalFunction, Module,
    ir::{Call, Visitor, dfs_in_order},
};

/// Functions that a browser never calls, but that are reached through tables of pointers, so that no tool can know: the console
/// fetches a page's code before it hydrates, hence never hydrates while it waits, and only a server lists its routes.
const NEVER_CALLED: [&str; 2] = ["hydrate_async", "generate_routes"];

/// Smaller ones are not worth it.
const LEAST_SIZE: usize = 100;

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
    fn a_function_and_its_closures_count_but_not_what_is_dropped_for_it() {
        let is = |name| is_of(name, "hydrate_async");
        assert!(is("_ZN4view8into_any13hydrate_async17h0123456789abcdefE"));
        assert!(is("_ZN4view8into_any13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE"));
        assert!(!is("_ZN4core3ptr13drop_in_place9view13hydrate_async17h0123456789abcdefE"));
        assert!(!is("_ZN4view8into_any13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$4prep17h0123456789abcdefE"));
        assert!(!is("_ZN4view8into_any19hydrate_from_server17h0123456789abcdefE"));
    }
}
