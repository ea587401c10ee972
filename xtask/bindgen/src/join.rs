//! Several modules of the app as one: it defines all that they define, and takes from the first module what they take.

use std::mem::discriminant;

use anyhow::{Context, Result, bail, ensure};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, DataCountSection, DataSection, ElementSection, EntityType, FunctionSection,
    ImportSection, Module, RawSection, SectionId,
};
use wasmparser::{Import, Parser, Payload, TypeRef};

/// The one module that is all of these. None of them may have a function, table, memory or global of another name
/// than the others take: what they share is the first module's, and they call each other by its table. What only tools
/// read, such as names, is left out.
pub(crate) fn joined(modules: &[Vec<u8>]) -> Result<Vec<u8>> {
    let mut all = Joined::default();
    for module in modules {
        all.add(module)?;
    }
    all.module()
}

/// Bytes of what a module defines: its functions, and its data.
pub(crate) fn defined(module: &[u8]) -> Result<u64> {
    let mut defined = 0;
    for payload in Parser::new(0).parse_all(module) {
        let range = match payload? {
            Payload::CodeSectionStart { range, .. } => range,
            Payload::DataSection(data) => data.range(),
            _ => continue,
        };
        defined += range.end - range.start;
    }
    Ok(defined)
}

/// What was put together so far.
#[derive(Default)]
struct Joined<'a> {
    /// The types of the app, which are the same and in the same order in each of its modules.
    types: &'a [u8],
    imports: Vec<Import<'a>>,
    functions: FunctionSection,
    elements: ElementSection,
    code: CodeSection,
    data: DataSection,
}

impl<'a> Joined<'a> {
    fn add(&mut self, module: &'a [u8]) -> Result<()> {
        let mut moved = Moved {
            functions: self.functions.len(),
            elements: self.elements.len(),
            data: self.data.len(),
        };
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(types) => {
                    let range = types.range();
                    let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
                    self.same_types(module.get(range).context("half a section")?)?;
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        self.take(import?)?;
                    }
                }
                Payload::FunctionSection(functions) => {
                    moved.parse_function_section(&mut self.functions, functions)?;
                }
                Payload::ElementSection(elements) => {
                    moved.parse_element_section(&mut self.elements, elements)?;
                }
                Payload::CodeSectionEntry(body) => {
                    moved.parse_function_body(&mut self.code, body)?;
                }
                Payload::DataSection(data) => moved.parse_data_section(&mut self.data, data)?,
                Payload::ExportSection(exports) if exports.count() == 0 => {}
                // They say nothing that the others do not say.
                Payload::Version { .. }
                | Payload::DataCountSection { .. }
                | Payload::CodeSectionStart { .. }
                | Payload::CustomSection(_)
                | Payload::End(_) => {}
                other => bail!("a part has what cannot be put together: {other:?}"),
            }
        }
        Ok(())
    }

    fn same_types(&mut self, types: &'a [u8]) -> Result<()> {
        if self.types.is_empty() {
            self.types = types;
        }
        ensure!(
            self.types == types,
            "two parts number their types otherwise"
        );
        Ok(())
    }

    /// Takes this in as well. There is one of a kind at most, and no function, so that its number is the same in all.
    fn take(&mut self, import: Import<'a>) -> Result<()> {
        let is_function = matches!(import.ty, TypeRef::Func(_) | TypeRef::FuncExact(_));
        ensure!(
            !is_function,
            "a part takes a function by its name: {import:?}"
        );
        let kind = discriminant(&import.ty);
        match self.imports.iter().find(|it| discriminant(&it.ty) == kind) {
            Some(known) => ensure!(*known == import, "two parts take {known:?} and {import:?}"),
            None => self.imports.push(import),
        }
        Ok(())
    }

    fn module(&self) -> Result<Vec<u8>> {
        let mut imports = ImportSection::new();
        for import in &self.imports {
            let kind = EntityType::try_from(import.ty).ok();
            let kind = kind.context("a part takes what cannot be written")?;
            imports.import(import.module, import.name, kind);
        }
        let types = RawSection {
            id: SectionId::Type.into(),
            data: self.types,
        };
        let count = self.data.len();
        let mut module = Module::new();
        module.section(&types).section(&imports);
        module.section(&self.functions).section(&self.elements);
        module.section(&DataCountSection { count });
        module.section(&self.code).section(&self.data);
        Ok(module.finish())
    }
}

/// By how much the numbers of what a module defines grow, behind those that were put together before.
struct Moved {
    functions: u32,
    elements: u32,
    data: u32,
}

impl Reencode for Moved {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(self.functions + function)
    }

    fn element_index(&mut self, element: u32) -> Result<u32, Error> {
        Ok(self.elements + element)
    }

    fn data_index(&mut self, data: u32) -> Result<u32, Error> {
        Ok(self.data + data)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use wasm_encoder::{
        ConstExpr, CustomSection, Elements, Function, MemoryType, RefType, TableType, TypeSection,
    };
    use wasmparser::Operator;

    fn taking(name: &str, kind: impl Into<EntityType>) -> ImportSection {
        let mut imports = ImportSection::new();
        imports.import("app", name, kind.into());
        imports
    }

    fn table() -> TableType {
        TableType {
            element_type: RefType::FUNCREF,
            minimum: 9,
            maximum: None,
            table64: false,
            shared: false,
        }
    }

    /// A module of two functions, of which the first calls the second and lies at this place of the table and as many
    /// bytes into the memory as the place says.
    fn module(imports: &ImportSection, types: u32, place: i32) -> Vec<u8> {
        let mut kinds = TypeSection::new();
        for _ in 0..types {
            kinds.ty().function([], []);
        }
        let mut functions = FunctionSection::new();
        functions.function(0).function(0);
        let mut elements = ElementSection::new();
        let at = ConstExpr::i32_const(place);
        elements.active(None, &at, Elements::Functions(vec![0].into()));
        let (mut calls, mut called) = (Function::new([]), Function::new([]));
        calls.instructions().call(1).data_drop(0).end();
        called.instructions().end();
        let mut code = CodeSection::new();
        code.function(&calls).function(&called);
        let mut data = DataSection::new();
        data.active(0, &at, [7]);
        let names = CustomSection {
            name: "names".into(),
            data: (&[1, 2, 3]).into(),
        };
        let mut module = Module::new();
        module.section(&kinds).section(imports).section(&functions);
        module.section(&elements);
        module.section(&DataCountSection { count: 1 });
        module.section(&code).section(&data).section(&names);
        module.finish()
    }

    fn shared() -> ImportSection {
        let mut imports = taking("table", table());
        let memory = MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        };
        imports.import("app", "memory", memory);
        imports
    }

    /// What each function calls and drops, what lies in the table, and how often something is taken or only for tools.
    fn read(module: &[u8]) -> (Vec<u32>, Vec<u32>, Vec<u32>, u32) {
        let (mut calls, mut drops, mut placed, mut others) = (vec![], vec![], vec![], 0);
        for payload in Parser::new(0).parse_all(module) {
            match payload.unwrap() {
                Payload::CodeSectionEntry(body) => {
                    for operator in body.get_operators_reader().unwrap() {
                        match operator.unwrap() {
                            Operator::Call { function_index } => calls.push(function_index),
                            Operator::DataDrop { data_index } => drops.push(data_index),
                            _ => {}
                        }
                    }
                }
                Payload::ElementSection(elements) => {
                    for element in elements {
                        if let wasmparser::ElementItems::Functions(it) = element.unwrap().items {
                            placed.extend(it.into_iter().map(Result::unwrap));
                        }
                    }
                }
                Payload::ImportSection(imports) => others += imports.count(),
                Payload::CustomSection(_) => others += 100,
                _ => {}
            }
        }
        (calls, drops, placed, others)
    }

    #[test]
    fn puts_modules_behind_each_other() {
        let modules = [module(&shared(), 1, 3), module(&shared(), 1, 5)];
        let joined = joined(&modules).unwrap();
        wasmparser::validate(&joined).unwrap();
        assert_eq!(read(&joined), (vec![1, 3], vec![0, 1], vec![0, 2], 2));
        let one = super::joined(&modules[..1]).unwrap();
        assert_eq!(read(&one), (vec![1], vec![0], vec![0], 2));
        assert!(one.len() < modules[0].len());
        assert_eq!(defined(&joined).unwrap(), 2 * defined(&one).unwrap() - 2);
    }

    #[test]
    fn refuses_what_it_cannot_number() {
        let with = |other: Vec<u8>| {
            joined(&[module(&shared(), 1, 3), other])
                .unwrap_err()
                .to_string()
        };
        let types = with(module(&shared(), 2, 5));
        assert!(types.contains("number their types"), "{types}");
        let takes = with(module(&taking("another", table()), 1, 5));
        assert!(takes.contains("two parts take"), "{takes}");
        let function = with(module(&taking("f", EntityType::Function(0)), 1, 5));
        assert!(function.contains("by its name"), "{function}");
        let cut = module(&shared(), 1, 5);
        assert!(!with(cut[..cut.len() / 2].to_vec()).is_empty());
    }
}
