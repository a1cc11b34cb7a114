/** What stands before the name of the operation in `x-amz-target`. */
export const ecrTargetPrefix = "AmazonEC2ContainerRegistry_V20150921.";
