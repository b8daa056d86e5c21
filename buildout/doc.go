// Package buildout reads Buildout profiles and carries them out.
//
//	cfg, err := buildout.Load(ctx, "buildout.cfg", buildout.LoadOptions{})
//	b, err := buildout.New(ctx, cfg, recipes.All(), buildout.Options{Fetcher: &fetch.Client{}})
//	plan, err := b.Plan(ctx)
//	result, err := b.Apply(ctx, plan)
//
// Data goes one way, and each step gives a value to look at:
//
//   - [Load] reads a profile and what it extends into a [Config]: sections and
//     options with the file and line of every operation that made them.
//   - [Config.Resolve] expands macros and replaces references without any recipe;
//     [Config.Annotate] says where each value comes from.
//   - [New] makes a [Buildout]: sections become [Part] values when they are first
//     referred to, and recipes of a [Registry] are constructed in that order.
//   - [Buildout.Plan] compares the parts with what is installed, says what is to
//     be done and why, and writes nothing; [Buildout.Why] tells the story of one
//     part, [Buildout.Graph] says who refers to whom. [Buildout.Apply] does what the
//     plan says, recording each part in .installed.cfg, which the originals read as
//     well. Options.Observer is told what happens, as an [Event] each; the [Result]
//     has what became of each part.
//
// # Recipes
//
// A recipe is a Go type. Its [Constructor] reads the options of its part, most
// easily with [Part.Decode], and sets those that others refer to, such as
// location. Its Install acts through a [Tx], which records what belongs to the
// part and undoes it when the recipe fails.
//
// # Safety
//
// A part that changed is moved aside when it is its turn and dropped when its
// successor is recorded: after a failure, a cancelled context or a crash there is
// the old part or the new one. What a run is about to do is in a journal beside
// .installed.cfg before it is done; the next run, before anything else, takes back
// what was not recorded in the end. It removes only what the interrupted run made
// where there was nothing, or in place of what it had moved aside, and it follows
// no link that was made since. A journal that isn't as it was written is refused
// as a whole. [AsUpstream] asks for zc.buildout's order, which uninstalls first.
//
// One run at a time works in a buildout directory; see [Buildout.Lock].
//
// These files are the engine's, beside the parts:
//
//   - .installed.cfg, what is installed, replaced whole after every part;
//   - .installed.cfg.bak, what the last run left in it, for when another program or
//     an editor damages it;
//   - .installed.cfg.journal, .buildout and names that begin with .buildout-, only
//     while a run changes something or after it was killed;
//   - .buildout.lock, as long as a run lasts.
//
// [Options].LogDirectory adds logs of what commands print.
//
// # Side by side
//
// With Options.Workers several parts are installed at the same time. A part waits
// for those before it in the plan that it refers to, through plain sections and "=>"
// too, or that refer to it; for those that [buildout] refers to; and for those that
// have recorded a place, or name one in an option, that is the same as one of its
// own or in a folder with it. A part that is replaced while others have something
// in its place has the buildout to itself. What a recipe comes upon only in Install,
// and no option says, orders nothing: let the section say "=> other". So the result
// is that of one worker: the files, the record to the byte, what is logged for each
// part. What is uninstalled beforehand is, one after the other.
//
// After a failure nothing new begins. What is at work is finished and recorded, or
// cancelled and undone (Options.CancelOnFailure). The error is that of the first
// part in the plan that failed; others are logged, and in the Result.
//
// Recipes run beside each other, each with its own [Tx], and may call their [Part],
// and those that they look at, as they like; what they share themselves they must
// guard. With several workers a section with a recipe that is first referred to in
// an Install is an error at once; with one it is an error at the end, unless parts
// were named.
//
// # Errors
//
// What a user can put right is an [*Error], with file, line and option, what was
// found, and often a suggestion; [Report] words it in full. Panics of recipes
// become a [*Bug]. Other errors are the machine's.
//
// # Dialects
//
// [SlapOS] and [ZC] are the two families of Buildout. They differ in a handful of
// decisions, the fields of [Dialect].
package buildout
