using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceCloud.Ingestion.Store.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "ingestion");

            migrationBuilder.CreateTable(
                name: "jobs",
                schema: "ingestion",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    job_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    gallery_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    min_quality = table.Column<float>(type: "real", nullable: true),
                    max_faces = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    pending = table.Column<long>(type: "bigint", nullable: false),
                    enrolled = table.Column<long>(type: "bigint", nullable: false),
                    duplicate = table.Column<long>(type: "bigint", nullable: false),
                    rejected_quality = table.Column<long>(type: "bigint", nullable: false),
                    no_face = table.Column<long>(type: "bigint", nullable: false),
                    failed = table.Column<long>(type: "bigint", nullable: false),
                    reasons = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    first_photo_at = table.Column<long>(type: "bigint", nullable: true),
                    last_outcome_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_jobs", x => new { x.tenant_id, x.job_id });
                });

            migrationBuilder.CreateTable(
                name: "items",
                schema: "ingestion",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    job_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    item_id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    person_name = table.Column<string>(type: "character varying(512)", maxLength: 512, nullable: false),
                    source = table.Column<string>(type: "character varying(2048)", maxLength: 2048, nullable: false),
                    photo_sha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    outcome = table.Column<int>(type: "integer", nullable: true),
                    reasons = table.Column<string>(type: "text", nullable: false),
                    error_reason = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    message = table.Column<string>(type: "character varying(1024)", maxLength: 1024, nullable: true),
                    face_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    finished_at = table.Column<long>(type: "bigint", nullable: true),
                    overdue_at = table.Column<long>(type: "bigint", nullable: false),
                    overdue_count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_items", x => new { x.tenant_id, x.job_id, x.item_id });
                    table.ForeignKey(
                        name: "FK_items_jobs_tenant_id_job_id",
                        columns: x => new { x.tenant_id, x.job_id },
                        principalSchema: "ingestion",
                        principalTable: "jobs",
                        principalColumns: new[] { "tenant_id", "job_id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_items_overdue_at",
                schema: "ingestion",
                table: "items",
                column: "overdue_at",
                filter: "outcome IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_items_tenant_id_job_id_outcome_item_id",
                schema: "ingestion",
                table: "items",
                columns: new[] { "tenant_id", "job_id", "outcome", "item_id" });

            migrationBuilder.CreateIndex(
                name: "IX_jobs_tenant_id_created_at_job_id",
                schema: "ingestion",
                table: "jobs",
                columns: new[] { "tenant_id", "created_at", "job_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "items",
                schema: "ingestion");

            migrationBuilder.DropTable(
                name: "jobs",
                schema: "ingestion");
        }
    }
}
