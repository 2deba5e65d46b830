//! The message classes: the standard ones as they were changed, then those of the configuration's own.

use rcs_revoke_core::class::StatedCells;
use rcs_revoke_core::expiry::MessageClass;
use rcs_revoke_core::{Class, Policy, Provider, Say, Span};

use super::Faults;
use crate::config::ready::ReadySource;
use crate::config::{ClassConfig, Config, SourceConfig};

/// All classes in force.
pub(super) fn read(config: &Config, faults: &mut Faults) -> Vec<Class> {
    let mut classes = Class::standards();
    for class in &mut classes {
        let Some(stated) = config.classes.get(&class.name) else { continue };
        if stated.like.is_some_and(|like| like != class.kind) {
            let place = format!("classes.{}.like", class.name);
            faults
                .add(place, "this class has its name from what it is: give a class of your own another name");
        }
        *class = stated.over(&class.name, class.clone());
        find_faults(class, stated.fallback, faults);
    }
    let standards = classes.clone();
    for (name, stated) in &config.classes {
        if standards.iter().any(|class| class.name == *name) {
            continue;
        }
        let Some(base) = base(stated, &standards) else {
            faults.add(
                format!("classes.{name}.like"),
                "missing: \"otp\", \"transactional\" or \"promotional\", the class whose figures hold where nothing is said",
            );
            continue;
        };
        let class = stated.over(name, base.clone());
        find_faults(&class, stated.fallback, faults);
        classes.push(class);
    }
    classes
}

fn base<'a>(stated: &ClassConfig, standards: &'a [Class]) -> Option<&'a Class> {
    let like: MessageClass = stated.like?;
    standards.iter().find(|class| class.kind == like)
}

fn find_faults(class: &Class, stated: StatedCells, faults: &mut Faults) {
    for fault in class.check(stated) {
        faults.add(place(&class.name, fault.key()), fault);
    }
}

fn place(name: &str, key: &str) -> String {
    if key.is_empty() { format!("classes.{name}") } else { format!("classes.{name}.{key}") }
}

/// Puts the classes into a source's policy.
pub(super) fn apply(
    policy: &mut Policy,
    classes: &[Class],
    place: &str,
    config: &SourceConfig,
    faults: &mut Faults,
) {
    policy.classes = classes.to_vec();
    policy.class.clone_from(&config.class);
    if let Some(class) = &config.class
        && policy.class_of(None).is_none()
    {
        let names: Vec<_> = classes.iter().map(|class| class.name.as_str()).collect();
        faults.add(
            format!("{place}.class"),
            format!("`{class}` is no class: expected one of {}", names.join(", ")),
        );
    }
}

/// What is allowed in the classes, but worth a second thought.
pub(super) fn warnings(classes: &[Class], sources: &[ReadySource]) -> Vec<String> {
    let mut warnings = Vec::new();
    let used = |provider: &Provider| sources.iter().any(|source| source.source.provider == *provider);
    let providers: Vec<_> = Provider::ALL.iter().copied().filter(used).collect();
    let patience = sources.iter().map(|source| source.policy.attempt_deadline()).max().unwrap_or(Span::ZERO);
    for class in classes {
        for doubt in class.doubts(&providers, patience) {
            warnings.push(format!("{}: {}", place(&class.name, doubt.key()), doubt.say()));
        }
    }
    for ReadySource { source, policy, .. } in sources {
        if let Some(class) = policy.class_of(None).filter(|class| class.may_send_by_itself())
            && source.sms.is_none()
        {
            warnings.push(format!(
                "sources.{}: no SMS will follow, though its class `{}` would send one: \
                 say `sms_source`, or `sms_from` at a source of Vonage",
                source.id, class.name
            ));
        }
    }
    warnings
}
