// Stands for the package that archives an asset. No stack has an asset, and that package takes a third of the time that cdktf loads in.
module.exports = () => {
  throw new Error("a stack must have no asset");
};
