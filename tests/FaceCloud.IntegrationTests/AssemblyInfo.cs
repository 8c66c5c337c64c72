// One deployment at a time: queue names are fixed, and two of them would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
