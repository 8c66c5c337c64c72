using FaceCloud.IntegrationTests.Deployments;

namespace FaceCloud.IntegrationTests.Scenarios;

public sealed class SeparateProcessesTests(SeparateDeployment system) : EnrolAndRecognize(system), IClassFixture<SeparateDeployment>;
