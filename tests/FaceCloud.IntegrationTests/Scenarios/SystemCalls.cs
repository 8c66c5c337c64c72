using System.Diagnostics.CodeAnalysis;
using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.TestServers.Processes;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace FaceCloud.IntegrationTests.Scenarios;

/// <summary>What clients do, in few words.</summary>
internal static class SystemCalls
{
    extension(Deployment system)
    {
        public async Task<string> CreateGalleryAsync(CancellationToken cancellationToken)
        {
            var gallery = $"g-{Guid.NewGuid():N}";
            await system.Gallery.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = gallery }, cancellationToken: cancellationToken);
            return gallery;
        }

        public async Task<EnrollFaceResponse> EnrolAsync(string gallery, string person, byte[] photo, CancellationToken cancellationToken) =>
            await system.Gallery.EnrollFaceAsync(
                new EnrollFaceRequest { GalleryId = gallery, PersonId = person, Photo = ByteString.CopyFrom(photo) }, cancellationToken: cancellationToken);

        public async Task<IdentifyResponse> IdentifyAsync(string gallery, byte[] photo, CancellationToken cancellationToken) =>
            await system.Gallery.IdentifyAsync(
                new IdentifyRequest { GalleryId = gallery, Probe = new Probe { Photo = ByteString.CopyFrom(photo) } }, cancellationToken: cancellationToken);

        public async Task<VerifyResponse> VerifyAsync(string gallery, string person, byte[] photo, CancellationToken cancellationToken) =>
            await system.Gallery.VerifyAsync(
                new VerifyRequest { GalleryId = gallery, PersonId = person, Probe = new Probe { Photo = ByteString.CopyFrom(photo) } }, cancellationToken: cancellationToken);

        /// <summary>Opens a job, streams the photos into it and closes it. Every photo is acknowledged.</summary>
        public async Task<string> UploadAsync(string gallery, IEnumerable<(string Person, byte[] Photo)> photos, CancellationToken cancellationToken)
        {
            var job = await system.Ingestion.StartJobAsync(new StartJobRequest { GalleryId = gallery }, cancellationToken: cancellationToken);
            await system.UploadIntoAsync(job.JobId, photos, cancellationToken);
            await system.Ingestion.CloseJobAsync(new CloseJobRequest { JobId = job.JobId }, cancellationToken: cancellationToken);
            return job.JobId;
        }

        /// <summary>Streams more photos into an open job.</summary>
        public async Task UploadIntoAsync(string job, IEnumerable<(string Person, byte[] Photo)> photos, CancellationToken cancellationToken)
        {
            using var upload = system.Ingestion.Upload(cancellationToken: cancellationToken);
            var sent = 0;
            foreach (var (person, photo) in photos)
            {
                await upload.RequestStream.WriteAsync(
                    new UploadPhotoRequest { JobId = job, PersonId = person, Source = $"{person}-{sent++}", Photo = ByteString.CopyFrom(photo) }, cancellationToken);
            }

            await upload.RequestStream.CompleteAsync();
            var answer = await upload;
            Assert.Empty(answer.Refused);
            Assert.Equal(sent, answer.Accepted);
        }

        public async Task<Job> JobAsync(string job, CancellationToken cancellationToken) =>
            await system.Ingestion.GetJobAsync(new GetJobRequest { JobId = job }, cancellationToken: cancellationToken);

        public Task<Job> UntilCompletedAsync(string job, CancellationToken cancellationToken) =>
            system.UntilAsync(job, state => state.State == JobState.Completed, cancellationToken);

        /// <summary>Asks for the job until it is so; a service that is just being restarted is asked again.</summary>
        public async Task<Job> UntilAsync(string job, Func<Job, bool> condition, CancellationToken cancellationToken)
        {
            var latest = new Job();
            await Patience.UntilAsync(
                async cancelled =>
                {
                    try
                    {
                        latest = await system.JobAsync(job, cancelled);
                        return condition(latest);
                    }
                    catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
                    {
                        return false;
                    }
                },
                () => $"The job stands at {latest}{Environment.NewLine}{system.Tails}",
                cancellationToken,
                TimeSpan.FromMinutes(4));
            return latest;
        }

        public async Task<List<Item>> ItemsAsync(string job, CancellationToken cancellationToken)
        {
            var items = new List<Item>();
            var request = new ListItemsRequest { JobId = job, PageSize = 50 };
            do
            {
                var page = await system.Ingestion.ListItemsAsync(request, cancellationToken: cancellationToken);
                items.AddRange(page.Items);
                request.PageToken = page.NextPageToken;
            }
            while (request.PageToken.Length > 0);
            return items;
        }

        public async Task<List<Face>> FacesAsync(string gallery, CancellationToken cancellationToken)
        {
            var faces = new List<Face>();
            var request = new ListFacesRequest { GalleryId = gallery, PageSize = 50 };
            do
            {
                var page = await system.Gallery.ListFacesAsync(request, cancellationToken: cancellationToken);
                faces.AddRange(page.Faces);
                request.PageToken = page.NextPageToken;
            }
            while (request.PageToken.Length > 0);
            return faces;
        }
    }

    /// <summary>The status and reason that a call ends with.</summary>
    [SuppressMessage("Usage", "CA1308", Justification = "Not a normalisation.")]
    public static async Task<(StatusCode Status, string Reason, string Message)> FailureAsync(Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(call);
        var reason = exception.GetRpcStatus() is Status status ? status.GetDetail<ErrorInfo>()?.Reason : null;
        return (exception.StatusCode, reason ?? "", exception.Status.Detail);
    }
}
