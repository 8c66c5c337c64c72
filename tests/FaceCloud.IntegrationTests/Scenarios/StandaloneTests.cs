using FaceCloud.IntegrationTests.Deployments;

namespace FaceCloud.IntegrationTests.Scenarios;

public sealed class StandaloneTests(StandaloneDeployment system) : EnrolAndRecognize(system), IClassFixture<StandaloneDeployment>;
