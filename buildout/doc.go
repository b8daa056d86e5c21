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
//     part, [Buildout.Graph] says who refers to whom. [Buildout.Apply] does what the plan says, recording each part in
//     .installed.cfg, which the originals read as well.
//
// # Recipes
//
// A recipe is a Go type. Its [Constructor] reads the options of its part, most
// easily with [Part.Decode], and sets those that others refer to, such as
// location. Its Install acts through a [Tx], which records what belongs to the
// part and undoes it when the recipe fails.
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
